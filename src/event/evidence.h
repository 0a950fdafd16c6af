/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.h -- verdicts and what proves them: the one thing engine and checker share.
 *
 * Meaning: doc/notes/0003-evidence.md. All arrays belong to whoever made the verdict and live until
 * its next step. */
#ifndef EVENT_EVIDENCE_H
#define EVENT_EVIDENCE_H
#include "event/event.h"

enum verdict_value { V_PENDING, V_MET, V_BREACHED, V_MARGINAL, V_UNKNOWN };

enum claim_type {
    CLAIM_EVENT,  /* no entry of kind `ref` */
    CLAIM_STATE,  /* no row of state `ref` holds */
    CLAIM_GATE,   /* gate `ref` lives, and none of its limbs stops being green */
    CLAIM_SOURCE, /* no entry at all by a source (where[0], param UINT8_MAX) */
};

/* "Nothing that fits `where`, from `from` to `to` (of `at`, both included), in the entries before the
 * verdict's place -- but what the evidence's own entries show." For a state and a gate `where` is of
 * their parameters; for an event of its fields (its sender is the field after the last). With
 * `others` (bits of fields): nothing whose values of those fields differ from every listed entry's. */
#define CLAIM_ANSWER 0x80000000u
#define CLAIM_OTHERWISE 0x40000000u

struct claim {
    uint8_t type; /* enum claim_type */
    uint8_t n;
    uint8_t param[ARITY_MAX];
    int64_t value[ARITY_MAX];
    uint32_t ref;
    uint32_t moment; /* CLAIM_EVENT: only entries that this moment of the program takes (its `where`
                      * too); an answer of the program | CLAIM_ANSWER, or a sentence's `otherwise`
                      * | CLAIM_OTHERWISE; NO_ID: all that fit */
    uint32_t others;
    int64_t from, to;
};

struct verdict {
    uint32_t sentence;
    bool otherwise;     /* of the sentence's `otherwise`, not its duty */
    uint8_t value;      /* enum verdict_value */
    uint8_t severity;   /* enum severity; of a breach */
    uint8_t stage;      /* of a chain: which step it stands at, from 0 */
    bool ended;
    int64_t at;         /* when this line was said */
    int64_t decided;    /* when its value was decided: `at`, but of a breach that ends, when it broke */
    int64_t onset;      /* when its clock began; UNSET before it has */
    int64_t deadline;   /* UNSET when none runs */
    int64_t end;        /* UNSET until `ended` */
    uint64_t opened;    /* index of the entry that opened it ... */
    uint32_t nth;       /* ... and which of those it opened, from 0 */
    uint64_t place;     /* index of the entry (or tick) that decided it: evidence lies before it, or is it */
    const int64_t *binding; /* by the sentence's names, in their order */
    uint32_t nbinding;

    const uint64_t *entries; /* rising */
    uint32_t nentries;
    const struct claim *claims;
    uint32_t nclaims;
    bool cites;              /* the trigger is another verdict: */
    uint32_t cited_sentence; /* its sentence, opened and nth */
    bool cited_otherwise;
    uint64_t cited_opened;
    uint32_t cited_nth;
};

/* "C3.a/7", "C3.a/7.2" for the second that entry 7 opened, "N1.a.otherwise/9". */
void put_verdict_id(const struct program *p, uint32_t sentence, bool otherwise, uint64_t opened, uint32_t nth,
                    struct buf *b);
#endif
