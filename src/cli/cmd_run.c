/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run.c -- judge a file of events offline. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/prove.h"
#include "os/memory.h"
#include "view/lines.h"
#include "view/table.h"

struct run {
    struct judging j;
    struct os_out *out;
    struct minutes table;
    bool json, breached, prove, lost;
    struct said *said; /* --prove: every definite verdict */
    uint32_t nsaid, cap_said;
    bool cut;            /* an output was too long to be said */
    struct arena words;  /* one output lies in it */
};

/* The first time a verdict is decided; what is said again when it ends adds nothing. */
static void
keep(struct run *r, const struct verdict *v)
{
    if (v->value != V_MET && v->value != V_BREACHED)
        return;
    if (v->value == V_BREACHED && v->ended && v->deadline != UNSET)
        return;
    if (r->nsaid == r->cap_said) {
        uint32_t more = r->cap_said == 0 ? 1024 : r->cap_said * 2;
        struct said *grown = realloc(r->said, more * sizeof *grown);

        if (grown == NULL) {
            r->lost = true;
            return;
        }
        r->said = grown;
        r->cap_said = more;
    }
    r->said[r->nsaid] = (struct said){.binding = NULL};
    if (!said_keep(&r->said[r->nsaid], v))
        r->lost = true;
    else
        said_as_decided(&r->said[r->nsaid++]);
}

static const struct said *
cited_by(const struct run *r, const struct verdict *v)
{
    struct verdict_ref ref = {v->cited_sentence, v->cited_otherwise, v->cited_opened, v->cited_nth};

    for (uint32_t i = 0; i < r->nsaid && v->cites; i++)
        if (said_is(&r->said[i], ref))
            return &r->said[i];
    return NULL;
}

/* Every verdict through the independent checker; those it does not come to are told. */
static bool
prove_all(struct run *r)
{
    struct arena arena = {0};
    struct diag d;
    uint32_t proven = 0;

    if (r->lost || os_arena_init(&arena, PROVE_BLOCK, &d) != ST_OK)
        return complain(NULL, "the system has no memory to give"), false;
    for (uint32_t i = 0; i < r->nsaid; i++) {
        const struct verdict *v = &r->said[i].v;
        char space[300];
        struct buf id = buf_of(space, sizeof space - 1);

        d.text[0] = '\0';
        if (prove(&r->j, &r->said[i], cited_by(r, v), &arena, &d) == CHECK_PROVEN) {
            proven++;
            continue;
        }
        put_verdict_id(r->j.texts.program, v->sentence, v->otherwise, v->opened, v->nth, &id);
        put_c(&id, ' ');
        put_s(&id, verdict_words[v->value]);
        fprintf(stderr, "entente: %s is not proven by its evidence alone: %s\n", put_end(&id), d.text);
    }
    fprintf(stderr, "entente: %u of %u verdicts proven by the independent checker from their evidence alone\n", proven, r->nsaid);
    os_arena_free(&arena);
    return proven == r->nsaid;
}

static void
say(void *context, const struct out *o)
{
    struct run *r = context;
    struct buf b = buf_of((char *)r->words.base, SAID_BLOCK);

    if (o->type == OUT_VERDICT && o->verdict->value == V_BREACHED)
        r->breached = true;
    if (o->type == OUT_VERDICT && r->prove)
        keep(r, o->verdict);
    if (o->at < r->j.from)
        return;
    if (r->json) {
        put_out_json(&r->j.view, o, &b);
        put_c(&b, '\n');
    } else {
        put_out_table(&r->table, &r->j.view, o, &b);
    }
    if (b.full)
        r->cut = true; /* half a line is worse than none */
    else
        os_out_put(r->out, buf_str(&b));
}

static void
say_end(struct run *r)
{
    struct buf b = buf_of((char *)r->words.base, SAID_BLOCK);

    if (r->json)
        return;
    put_table_end(&r->table, &r->j.view, &b);
    put_s(&b, "\nlog: ");
    put_u(&b, core_size(r->j.core));
    put_s(&b, " entries, root ");
    judging_hash(core_root(r->j.core), &b);
    put_s(&b, "\nstate: ");
    judging_hash(core_state(r->j.core), &b);
    put_s(&b, " (drill, unsigned)\n");
    os_out_put(r->out, buf_str(&b));
}

static int
cmd(int argc, char **argv)
{
    struct run *r = calloc(1, sizeof *r);
    struct os_out *out = calloc(1, sizeof *out);
    struct diag d;
    int code = EXIT_BAD;

    if (r == NULL || out == NULL)
        return complain(NULL, "the system has no memory to give");
    r->out = out;
    r->json = take_flag(&argc, argv, "--json");
    r->prove = r->j.keep = take_flag(&argc, argv, "--prove");
    os_out_init(out, 1);
    if (!judging_options(&r->j, &argc, argv) || !no_more_options(&argc, argv))
        goto out;
    if (argc != 3) {
        code = usage(&cmd_run, argc - 1);
        goto out;
    }
    if (os_arena_init(&r->words, SAID_BLOCK, &d) != ST_OK) {
        (void)complain(NULL, d.text);
        goto out;
    }
    if (!judging_read(&r->j, argv[1], argv[2], say, r) || !judging_run(&r->j))
        goto out;
    if (r->cut) {
        (void)complain(r->j.events_path, "one output has more than 256 MiB and was left out: judge a part of the file");
        goto out;
    }
    say_end(r);
    os_out_flush(out);
    if (r->prove && !prove_all(r))
        goto out;
    code = r->breached ? EXIT_BREACHED : EXIT_FINE;
out:
    if (os_out_end(out, "standard output", &d) != ST_OK)
        code = complain(NULL, d.text);
    judging_free(&r->j);
    os_arena_free(&r->words);
    for (uint32_t i = 0; i < r->nsaid; i++)
        said_free(&r->said[i]);
    free(r->said);
    free(out);
    free(r);
    return code;
}

const struct command cmd_run = {
    "run", "AGREEMENT EVENTS [--order known|happened] [--from TIME] [--until TIME] [--json] [--prove]",
    "judge a file of events: what was due, what was silent, what the gate said, who was told", cmd,
};
