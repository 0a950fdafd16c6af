/* SPDX-License-Identifier: Apache-2.0 */
#include "view/lines.h"
#include "base/stamp.h"

static void
key(struct buf *b, const char *name)
{
    put_s(b, ",\"");
    put_s(b, name);
    put_s(b, "\":");
}

static void
time_or_null(struct buf *b, int64_t at)
{
    if (at == UNSET) {
        put_s(b, "null");
        return;
    }
    put_c(b, '"');
    put_stamp(b, at);
    put_c(b, '"');
}

static void
begin(struct buf *b, const struct out *o)
{
    put_s(b, "{\"at\":");
    time_or_null(b, o->at);
}

static void
word(struct buf *b, const char *name, const char *value)
{
    key(b, name);
    put_c(b, '"');
    put_s(b, value);
    put_c(b, '"');
}

static void
id_of(const struct view *v, struct verdict_ref r, struct buf *b)
{
    put_c(b, '"');
    put_verdict_id(v->p, r.sentence, r.otherwise, r.opened, r.nth, b);
    put_c(b, '"');
}

static struct verdict_ref
ref_of(const struct verdict *d)
{
    return (struct verdict_ref){d->sentence, d->otherwise, d->opened, d->nth};
}

/* claims --------------------------------------------------------------------------------------- */

static struct str
claim_param(const struct program *p, const struct claim *c, uint8_t param, uint16_t *ret_type)
{
    const struct kind *k = &p->kinds[c->ref];

    if (c->type == CLAIM_STATE) {
        *ret_type = p->states[c->ref].param[param].type;
        return p->states[c->ref].param[param].name;
    }
    if (c->type == CLAIM_GATE) {
        *ret_type = p->gates[c->ref].param[param].type;
        return p->gates[c->ref].param[param].name;
    }
    *ret_type = TY_SOURCE;
    if (c->type == CLAIM_SOURCE || param >= k->nparams)
        return STR("by");
    *ret_type = k->param[param].type[0];
    return k->param[param].name;
}

/* A claim about what fits one moment of the text says which. */
static void
claim_that(const struct program *p, const struct claim *c, struct buf *b)
{
    if (c->moment == NO_ID)
        return;
    key(b, "that");
    put_c(b, '"');
    if ((c->moment & (CLAIM_ANSWER | CLAIM_OTHERWISE)) != 0) {
        for (uint32_t i = 0; i < p->nsentences; i++) {
            const struct sentence *s = &p->sentences[i];
            uint32_t at = c->moment & ~CLAIM_ANSWER;
            bool here = (c->moment & CLAIM_ANSWER) != 0 ? at >= s->answers.at && at < s->answers.at + s->answers.n
                                                        : i == (c->moment & ~CLAIM_OTHERWISE);

            if (!here)
                continue;
            put_s(b, "answers ");
            put(b, s->id);
            break;
        }
    } else {
        for (uint32_t i = 0; i < p->nstates; i++) {
            const struct state *s = &p->states[i];

            if (c->moment >= s->from.at && c->moment < s->from.at + s->from.n)
                put_s(b, "begins ");
            else if (c->moment >= s->until.at && c->moment < s->until.at + s->until.n)
                put_s(b, "ends ");
            else
                continue;
            put(b, s->name);
            break;
        }
    }
    put_c(b, '"');
}

static void
claim_others(const struct program *p, const struct claim *c, struct buf *b)
{
    bool any = false;

    if (c->others == 0)
        return;
    key(b, "other");
    put_c(b, '[');
    for (uint8_t i = 0; i <= p->kinds[c->ref].nparams; i++) {
        uint16_t type;

        if ((c->others & (1u << i)) == 0)
            continue;
        if (any)
            put_c(b, ',');
        put_json(b, claim_param(p, c, i, &type));
        any = true;
    }
    put_c(b, ']');
}

void
put_claim_json(const struct view *v, const struct claim *c, struct buf *b)
{
    static const char *const words[] = {"{\"kind\":", "{\"state\":", "{\"gate\":", "{\"source\":"};
    struct str ref = c->type == CLAIM_EVENT   ? v->p->kinds[c->ref].name
                     : c->type == CLAIM_STATE ? v->p->states[c->ref].name
                     : c->type == CLAIM_GATE  ? v->p->gates[c->ref].name
                                              : view_symbol(v, (uint32_t)c->value[0]);

    put_s(b, words[c->type]);
    put_json(b, ref);
    key(b, "where");
    put_c(b, '{');
    for (uint8_t i = 0; i < c->n; i++) {
        uint16_t type;

        if (i > 0)
            put_c(b, ',');
        put_json(b, claim_param(v->p, c, c->param[i], &type));
        put_c(b, ':');
        put_value_json(v, type, c->value[i], b);
    }
    put_c(b, '}');
    claim_that(v->p, c, b);
    claim_others(v->p, c, b);
    key(b, "from");
    time_or_null(b, c->from);
    key(b, "to");
    time_or_null(b, c->to);
    put_c(b, '}');
}

void
put_evidence_json(const struct view *v, const struct verdict *d, struct buf *b)
{
    put_s(b, "{\"entries\":[");
    for (uint32_t i = 0; i < d->nentries; i++) {
        if (i > 0)
            put_c(b, ',');
        put_u(b, d->entries[i]);
    }
    put_s(b, "],\"absent\":[");
    for (uint32_t i = 0; i < d->nclaims; i++) {
        if (i > 0)
            put_c(b, ',');
        put_claim_json(v, &d->claims[i], b);
    }
    put_s(b, "]");
    if (d->cites) {
        key(b, "cites");
        id_of(v, (struct verdict_ref){d->cited_sentence, d->cited_otherwise, d->cited_opened, d->cited_nth}, b);
    }
    key(b, "before");
    put_u(b, d->place);
    put_c(b, '}');
}

/* outputs -------------------------------------------------------------------------------------- */

/* The severity a breach would have when none of the conditions on it holds. */
static uint8_t
usual_severity(const struct program *p, const struct verdict *d)
{
    const struct sentence *s = &p->sentences[d->sentence];
    uint8_t least = s->severity.n == 0 ? SEV_RED : p->sevs[s->severity.at + s->severity.n - 1].severity;

    return d->severity > least ? d->severity : least;
}

static void
verdict_line(const struct view *v, const struct out *o, struct buf *b)
{
    const struct verdict *d = o->verdict;
    const struct sentence *s = &v->p->sentences[d->sentence];

    word(b, "verdict", verdict_words[d->value]);
    key(b, "id");
    id_of(v, ref_of(d), b);
    key(b, "clause");
    put_json(b, v->p->clauses[s->clause].name);
    key(b, "sentence");
    put_json(b, s->name);
    key(b, "subject");
    put_subject_json(v, d, b);
    word(b, "severity", severity_words[d->value == V_BREACHED ? d->severity : usual_severity(v->p, d)]);
    key(b, "onset");
    time_or_null(b, d->onset);
    key(b, "deadline");
    time_or_null(b, d->deadline);
    key(b, "end");
    time_or_null(b, d->ended ? d->end : UNSET);
    if (d->value == V_MET || d->value == V_BREACHED) {
        key(b, "evidence");
        put_evidence_json(v, d, b);
    }
}

static void
tell_line(const struct view *v, const struct out *o, struct buf *b)
{
    const struct sentence *s = &v->p->sentences[o->verdict->sentence];

    key(b, "tell");
    put_json(b, view_who(v, o->who));
    key(b, "id");
    id_of(v, ref_of(o->verdict), b);
    word(b, "severity", severity_words[o->severity]);
    key(b, "case");
    put_json(b, v->p->clauses[s->clause].case_name);
    key(b, "subject");
    put_subject_json(v, o->verdict, b);
}

static void
object_json(const struct view *v, const struct out *o, struct buf *b)
{
    const struct gate *g = &v->p->gates[o->gate];

    key(b, "subject");
    put_c(b, '{');
    for (uint8_t i = 0; i < g->nparams; i++) {
        if (i > 0)
            put_c(b, ',');
        put_json(b, g->param[i].name);
        put_c(b, ':');
        put_value_json(v, g->param[i].type, o->object[i], b);
    }
    put_c(b, '}');
}

static void
gate_line(const struct view *v, const struct out *o, struct buf *b)
{
    const struct gate *g = &v->p->gates[o->gate];

    key(b, "gate");
    put_json(b, g->name);
    object_json(v, o, b);
    word(b, "value", gate_words[o->value]);
    key(b, "limbs");
    put_c(b, '{');
    for (uint32_t i = 0; i < g->limbs.n; i++) {
        if (i > 0)
            put_c(b, ',');
        put_json(b, v->p->limbs[g->limbs.at + i].name);
        put_s(b, ":\"");
        put_s(b, gate_words[o->limbs[i]]);
        put_c(b, '"');
    }
    put_c(b, '}');
}

static void
hold_line(const struct view *v, const struct out *o, struct buf *b)
{
    const struct gate *g = &v->p->gates[o->gate];
    bool any = false;

    key(b, "hold");
    put_json(b, g->name);
    object_json(v, o, b);
    key(b, "tell");
    put_json(b, view_who(v, o->who));
    key(b, "limbs");
    put_c(b, '[');
    for (uint32_t i = 0; i < g->limbs.n; i++) {
        if (o->limbs[i] == GATE_GREEN)
            continue;
        if (any)
            put_c(b, ',');
        put_json(b, v->p->limbs[g->limbs.at + i].name);
        any = true;
    }
    put_c(b, ']');
    if (o->lapsed)
        put_s(b, ",\"lapsed\":true");
}

static void
go_line(const struct view *v, const struct out *o, struct buf *b)
{
    static const char *const step[] = {"said", "overridden", "used"};

    key(b, "go");
    put_json(b, v->p->gates[o->gate].name);
    object_json(v, o, b);
    word(b, "step", step[o->value]);
    key(b, "by");
    put_json(b, view_symbol(v, o->entry->by));
    key(b, "until");
    time_or_null(b, o->until);
}

static void
fields_json(const struct view *v, const struct entry *e, struct buf *b)
{
    const struct kind *k = &v->p->kinds[e->kind];
    bool any = false;

    key(b, "fields");
    put_c(b, '{');
    for (uint8_t i = 0; i < k->nparams; i++) {
        uint8_t base = v->p->types[k->param[i].type[0]].base;

        if (e->field[i] == UNSET || k->param[i].sealed || base == TY_POINT || base == TY_LINE || base == TY_AREA)
            continue;
        if (any)
            put_c(b, ',');
        put_json(b, k->param[i].name);
        put_c(b, ':');
        put_value_json(v, k->param[i].type[0], e->field[i], b);
        any = true;
    }
    put_c(b, '}');
}

static void
why_json(const struct view *v, const struct out *o, struct buf *b)
{
    const struct gate *g = &v->p->gates[o->gate];
    bool any = false;

    key(b, "why");
    put_c(b, '[');
    if (o->why == WHY_AUTHORITY) {
        put_s(b, "{\"authority\":");
        put_json(b, view_symbol(v, o->entry->by));
        put_c(b, '}');
    } else if (o->why == WHY_LIFE) {
        const struct life *l = &v->p->lives[o->life];

        put_s(b, "{\"life\":");
        put_json(b, v->p->types[l->thing].name);
        key(b, "stage");
        put_json(b, v->p->values[l->stages.at + o->stage]);
        put_c(b, '}');
    } else {
        for (uint32_t i = 0; i < g->limbs.n; i++) {
            if (o->limbs[i] == GATE_GREEN)
                continue;
            if (any)
                put_c(b, ',');
            put_s(b, "{\"gate\":");
            put_json(b, g->name);
            key(b, "limb");
            put_json(b, v->p->limbs[g->limbs.at + i].name);
            if (o->limbs[i] == GATE_UNKNOWN)
                word(b, "value", gate_words[GATE_UNKNOWN]);
            put_c(b, '}');
            any = true;
        }
    }
    put_c(b, ']');
}

static void
entry_line(const struct view *v, const struct out *o, const char *what, struct buf *b)
{
    key(b, what);
    put_json(b, v->p->kinds[o->entry->kind].name);
    key(b, "entry");
    put_u(b, o->entry->place);
    key(b, "by");
    put_json(b, view_symbol(v, o->entry->by));
    fields_json(v, o->entry, b);
}

static void
irregular_line(const struct view *v, const struct out *o, struct buf *b)
{
    const struct life *l = &v->p->lives[o->life];

    entry_line(v, o, "irregular", b);
    key(b, "life");
    put_json(b, v->p->types[l->thing].name);
    key(b, "stage");
    put_json(b, v->p->values[l->stages.at + o->stage]);
}

static void
quarantine_line(const struct view *v, const struct out *o, struct buf *b)
{
    entry_line(v, o, "quarantined", b);
    key(b, "stamp");
    time_or_null(b, o->entry->at);
    word(b, "why", "its stamp lies ahead of the log's time by more than the agreed bound: judged by when it was known");
}

static void
case_line(const struct view *v, const struct out *o, struct buf *b)
{
    const struct clause *c = &v->p->clauses[v->p->sentences[o->sentence].clause];
    const struct sentence *s = &v->p->sentences[o->sentence];
    bool any = false;

    key(b, "case");
    put_json(b, c->case_name);
    key(b, "subject");
    put_c(b, '{');
    for (uint8_t i = 0; i < c->ncase; i++) {
        uint16_t type = TY_UNKNOWN;

        for (uint32_t k = 0; k < s->case_names.n; k++)
            if (str_eq(v->p->names[s->case_names.at + k].name, c->case_names[i]))
                type = v->p->names[s->case_names.at + k].type;
        if (o->names[i] == UNSET)
            continue;
        if (any)
            put_c(b, ',');
        put_json(b, c->case_names[i]);
        put_c(b, ':');
        put_value_json(v, type, o->names[i], b);
        any = true;
    }
    put_c(b, '}');
    word(b, "severity", severity_words[o->severity]);
    key(b, "open");
    put_c(b, '[');
    for (uint32_t i = 0; i < o->nopen; i++) {
        if (i > 0)
            put_c(b, ',');
        id_of(v, o->open[i], b);
    }
    put_c(b, ']');
}

void
put_out_json(const struct view *v, const struct out *o, struct buf *b)
{
    begin(b, o);
    switch ((enum out_type)o->type) {
    case OUT_VERDICT: verdict_line(v, o, b); break;
    case OUT_TELL: tell_line(v, o, b); break;
    case OUT_GATE: gate_line(v, o, b); break;
    case OUT_GO: go_line(v, o, b); break;
    case OUT_HOLD: hold_line(v, o, b); break;
    case OUT_CASE: case_line(v, o, b); break;
    case OUT_REFUSED:
        entry_line(v, o, "refused", b);
        why_json(v, o, b);
        break;
    case OUT_IRREGULAR: irregular_line(v, o, b); break;
    case OUT_QUARANTINED: quarantine_line(v, o, b); break;
    }
    put_c(b, '}');
}
