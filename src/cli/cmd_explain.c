/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_explain.c -- why: one verdict down to its entries, in sentences, and whether they show it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/stamp.h"
#include "cli/prove.h"
#include "os/memory.h"
#include "view/lines.h"

struct explain {
    struct judging j;
    const char *id;
    struct said said, cited;
    struct os_out *out;
    struct arena words; /* what is said lies in it */
    bool lost; /* memory ran out */
};

static bool
has_id(const struct explain *x, const struct verdict *v, const char *id)
{
    char space[SYMBOL_MAX];
    struct buf b = buf_of(space, sizeof space);

    put_verdict_id(x->j.texts.program, v->sentence, v->otherwise, v->opened, v->nth, &b);
    return str_eq(buf_str(&b), str_of(id));
}

static void
hear(void *context, const struct out *o)
{
    struct explain *x = context;

    if (o->type == OUT_VERDICT && has_id(x, o->verdict, x->id))
        x->lost = !said_keep(&x->said, o->verdict) || x->lost;
}

static void
hear_cited(void *context, const struct out *o)
{
    struct explain *x = context;
    const struct verdict *v = o->verdict, *d = &x->said.v;

    if (o->type == OUT_VERDICT && v->sentence == d->cited_sentence && v->otherwise == d->cited_otherwise &&
        v->opened == d->cited_opened && v->nth == d->cited_nth && v->value == V_BREACHED && x->cited.binding == NULL)
        x->lost = !said_keep(&x->cited, v) || x->lost;
}

/* words ---------------------------------------------------------------------------------------- */

static void
put_when(const struct explain *x, int64_t at, struct buf *b)
{
    put_clock(&x->j.view, at, b);
    put_s(b, " on ");
    put_day(&x->j.view, at, b);
}

/* The sentence as both sides signed it. */
static void
put_sentence(const struct explain *x, const struct verdict *v, struct buf *b)
{
    const struct program *p = x->j.texts.program;
    const struct sentence *s = &p->sentences[v->sentence];
    const struct syntax *t = &p->trees[s->text];
    const struct token *first = &t->token[s->token], *last = &t->token[s->token + s->words - 1];
    struct str words = str_cut(t->text->source, first->pos, last->pos + last->len - first->pos);

    put_s(b, "    ");
    put(b, words);
    put_c(b, '\n');
}

static void
put_verdict(const struct explain *x, const struct verdict *v, struct buf *b)
{
    const struct program *p = x->j.texts.program;
    const struct sentence *s = &p->sentences[v->sentence];

    put_verdict_id(p, v->sentence, v->otherwise, v->opened, v->nth, b);
    put_s(b, "  ");
    put(b, p->clauses[s->clause].title);
    put_s(b, "\n  ");
    put_s(b, verdict_words[v->value]);
    if (v->value == V_BREACHED) {
        put_s(b, ", ");
        put_s(b, severity_words[v->severity]);
    }
    put_s(b, ", for ");
    put_subject(&x->j.view, v, b);
    put_s(b, "\n  The text says:\n");
    put_sentence(x, v, b);
    put_s(b, "  Its clock began at ");
    put_when(x, v->onset == UNSET ? v->at : v->onset, b);
    if (v->deadline != UNSET) {
        put_s(b, ", its limit was ");
        put_when(x, v->deadline, b);
    }
    put_s(b, ".\n");
    if (v->ended) {
        put_s(b, "  It ended at ");
        put_when(x, v->end, b);
        put_s(b, ".\n");
    }
}

/* An entry of the log as a sentence: its label, its sender, its fields. */
static void
put_entry(const struct explain *x, uint64_t index, struct buf *b)
{
    struct buf scratch = buf_of(x->j.scratch, EVENT_SCRATCH);
    const struct program *p = x->j.texts.program;
    struct event e;
    struct entry n;
    struct diag d;

    put_s(b, "    #");
    put_u(b, index);
    put_s(b, "  ");
    if (index >= x->j.nlog || event_read(p, x->j.log[index], &scratch, &e, &d) != ST_OK ||
        event_entry(p, &e, index, &x->j.core->symbols, &n) != ST_OK) {
        put_s(b, "(not in this log)\n");
        return;
    }
    put_clock(&x->j.view, e.at, b);
    put_s(b, "  ");
    put(b, p->kinds[e.kind].name);
    put_s(b, " \"");
    put(b, p->kinds[e.kind].label);
    put_s(b, "\" by ");
    put(b, view_symbol(&x->j.view, n.by));
    for (uint8_t i = 0; i < p->kinds[e.kind].nparams; i++) {
        const struct param *q = &p->kinds[e.kind].param[i];

        if (n.field[i] == UNSET)
            continue;
        put_s(b, ", ");
        put(b, q->name);
        put_c(b, ' ');
        if (q->sealed)
            put_s(b, "(sealed)");
        else
            put_value_text(&x->j.view, q->type[0], n.field[i], b);
    }
    put_c(b, '\n');
}

static void
put_absent(const struct explain *x, const struct claim *c, struct buf *b)
{
    const struct program *p = x->j.texts.program;

    put_s(b, "    ");
    if (c->type == CLAIM_EVENT) {
        put_s(b, "no other ");
        put(b, p->kinds[c->ref].name);
    } else if (c->type == CLAIM_STATE) {
        put_s(b, "nothing else that ");
        put(b, p->states[c->ref].label);
        put_s(b, " (");
        put(b, p->states[c->ref].name);
        put_c(b, ')');
    } else if (c->type == CLAIM_GATE) {
        put_s(b, "no limb of ");
        put(b, p->gates[c->ref].name);
        put_s(b, " that stopped being green");
    } else {
        put_s(b, "no entry by ");
        put(b, view_symbol(&x->j.view, (uint32_t)c->value[0]));
    }
    for (uint8_t i = 0; i < c->n && c->type != CLAIM_SOURCE; i++) {
        const struct kind *k = &p->kinds[c->ref];
        bool sender = c->type == CLAIM_EVENT && c->param[i] >= k->nparams;
        struct str name = c->type == CLAIM_STATE  ? p->states[c->ref].param[c->param[i]].name
                          : c->type == CLAIM_GATE ? p->gates[c->ref].param[c->param[i]].name
                          : sender                ? STR("by")
                                                  : k->param[c->param[i]].name;
        uint16_t type = c->type == CLAIM_STATE  ? p->states[c->ref].param[c->param[i]].type
                        : c->type == CLAIM_GATE ? p->gates[c->ref].param[c->param[i]].type
                        : sender                ? TY_SOURCE
                                                : k->param[c->param[i]].type[0];

        put_s(b, i == 0 ? ", " : " and ");
        put(b, name);
        put_c(b, ' ');
        put_value_text(&x->j.view, type, c->value[i], b);
    }
    put_s(b, ", from ");
    put_clock(&x->j.view, c->from, b);
    put_s(b, " to ");
    put_clock(&x->j.view, c->to, b);
    put_c(b, '\n');
}

/* checking ------------------------------------------------------------------------------------- */

static void
put_check(struct explain *x, struct buf *b)
{
    struct arena arena = {0};
    struct diag d = {.pos = 0};
    enum check_result r;

    if (os_arena_init(&arena, PROVE_BLOCK, &d) != ST_OK)
        return;
    said_as_decided(&x->said);
    said_as_decided(&x->cited);
    r = prove(&x->j, &x->said, x->cited.binding == NULL ? NULL : &x->cited, &arena, &d);
    if (r == CHECK_PROVEN) {
        put_s(b, "  Checked: from these entries, their places in the log's tree and these claims alone, the\n"
                 "  independent checker comes to the same verdict. Root ");
        judging_hash(core_root(x->j.core), b);
        put_s(b, ".\n");
    } else if (r == CHECK_NOT_SHOWN) {
        put_s(b, "  NOT PROVEN by this evidence alone: ");
        put_s(b, d.text);
        put_c(b, '\n');
    }
    os_arena_free(&arena);
}

static void
put_why(struct explain *x, struct buf *b)
{
    const struct verdict *v = &x->said.v;

    put_verdict(x, v, b);
    if (v->value != V_MET && v->value != V_BREACHED) {
        put_s(b, v->value == V_PENDING ? "  It is open: nothing is decided yet.\n"
                                       : "  A source is silent or a value was never given, so nobody can say.\n");
        return;
    }
    if (v->cites) {
        put_s(b, "  It follows from the verdict ");
        put_verdict_id(x->j.texts.program, v->cited_sentence, v->cited_otherwise, v->cited_opened, v->cited_nth, b);
        put_s(b, ".\n");
    }
    if (v->nentries > 0)
        put_s(b, "  These entries stand in the log:\n");
    for (uint32_t i = 0; i < v->nentries; i++)
        put_entry(x, v->entries[i], b);
    if (v->nclaims > 0)
        put_s(b, "  And nothing of this came:\n");
    for (uint32_t i = 0; i < v->nclaims; i++)
        put_absent(x, &v->claims[i], b);
    put_check(x, b);
}

static int
explain(struct explain *x, int argc, char **argv)
{
    struct diag d;
    struct buf b;

    if (!judging_options(&x->j, &argc, argv) || !no_more_options(&argc, argv))
        return EXIT_BAD;
    if (argc != 4)
        return usage(&cmd_explain, argc - 1);
    x->id = argv[3];
    x->j.keep = true;
    if (!judging_read(&x->j, argv[1], argv[2], hear, x) || !judging_run(&x->j))
        return EXIT_BAD;
    if (x->said.binding == NULL)
        return complain(argv[3], "no verdict has this id; 'entente run --json' shows them, such as C3.a/190");
    if (x->lost)
        return complain(NULL, "the system has no memory to give");
    if (x->said.v.cites && !judging_again(&x->j, hear_cited, x)) /* for the verdict that opened it */
        return EXIT_BAD;
    if (os_arena_init(&x->words, SAID_BLOCK, &d) != ST_OK)
        return complain(NULL, d.text);
    b = buf_of((char *)x->words.base, SAID_BLOCK);
    put_why(x, &b);
    if (b.full)
        return complain(argv[3], "its evidence is too much to be told as a text; 'entente run --json' has all of it");
    os_out_put(x->out, buf_str(&b));
    return x->said.v.value == V_BREACHED ? EXIT_BREACHED : EXIT_FINE;
}

static int
cmd(int argc, char **argv)
{
    struct explain *x = calloc(1, sizeof *x);
    struct diag d;
    int code;

    if (x != NULL)
        x->out = calloc(1, sizeof *x->out);
    if (x == NULL || x->out == NULL)
        return complain(NULL, "the system has no memory to give");
    os_out_init(x->out, 1);
    code = explain(x, argc, argv);
    if (os_out_end(x->out, "standard output", &d) != ST_OK)
        code = complain(NULL, d.text);
    judging_free(&x->j);
    os_arena_free(&x->words);
    said_free(&x->said);
    said_free(&x->cited);
    free(x->out);
    free(x);
    return code;
}

const struct command cmd_explain = {
    "explain", "AGREEMENT EVENTS ID [--order known|happened]",
    "why a verdict was given, down to the entries, and whether they show it", cmd,
};
