/* SPDX-License-Identifier: Apache-2.0 */
/* ceiling_nine.c -- the nine clauses of nine.accord, written out by hand.
 *
 * The ceiling of the benchmark: a program for these nine clauses and nothing else. It
 * has no engine, compiles no text, keeps no evidence, names no verdict; it only counts
 * what is met, breached and still open when the log ends. What the engine costs is read
 * against it. nine_oracle.py says by definition what the counts must be. The meaning is
 * accord.md section 4; each point of it is told where it is decided below.
 *
 * It is honest in three things. The clock is the log's: before an entry at t is read,
 * every limit that passed before t has been decided, as by a monitor that must speak in
 * time (to find a breach only when the vehicle drives off would be faster, and useless).
 * Nothing is known of the day beforehand but how many names it has. And the time taken
 * begins with decoded entries of 16 bytes, whose names are ids from 0, and includes
 * clearing all state; decoding is timed apart, from lines in memory. Queues grow as they
 * fill, so the first repetition pays for memory and is mostly the minimum that is shown.
 *
 * How each structure was chosen: by putting another in its place. gen.py 1000000, gcc
 * -O2, a shared machine of two cores (AMD EPYC, Zen 5); all in turn, seven times, the
 * best of seven medians of 60 repetitions, in million entries a second. A difference of
 * three is noise; with busy neighbours every one of them is a quarter to a half slower.
 *
 *   as it stands                                                              85
 *   clocks   A queue per limit. Every limit is a constant and entries come in order of
 *            time, so a queue is sorted as it is filled, and a clock that was stopped is
 *            passed over when it comes to the head. In its place, for B1 alone:
 *              a list in the same order, stopped clocks taken out at once     87
 *              a wheel of 1024 slots of 1024 ms, with a bitmap                66
 *              a binary heap, stopped clocks left in it                       41
 *            (B1 decided too late: 93. No clocks at all, so wrong counts: 109.) The list
 *            has one clock a name, and B2, B6 and B9 need more; so queues for all.
 *   zones    The four vehicles that stood there last, in 32 bytes. In its place:
 *              a ring of the stops within the window, counted at each stop    67
 *              the four, moved up by a loop that gcc makes a memmove: 84 to 89, in a run
 *              of its own
 *   entries  16 bytes, with stamps of 32 bits. In its place:
 *              24 bytes, with stamps of 64 bits                               85
 *   names    Ids from 0, and arrays. In its place:
 *              vehicle and zone looked up in the timed loop, open
 *              addressing at most half full                                   59
 *
 * The last line is what to hold against an engine that must look its instances up.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* clock_gettime, for those who compile this file alone */
#endif
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* In milliseconds, as all times here; stamps are counted from that of the first line. */
#define MINUTE 60000u
#define B1_LIMIT (10 * MINUTE)
#define B2_LIMIT (10 * MINUTE)
#define B3_LIMIT (15 * MINUTE)
#define B4_FRESH (60 * MINUTE)
#define B5_WINDOW (10 * MINUTE)
#define B5_OTHERS_MAX 2u
#define B6_NOTICE_LIMIT (5 * MINUTE)
#define B6_CHECKIN_LIMIT (30 * MINUTE)
#define B7_FRESH (90 * MINUTE)
#define B7_TOLERATED (5 * MINUTE)
#define B8_HELD 20000u
#define B9_REPAIR_LIMIT (15 * MINUTE)

#define AT_MAX (UINT32_MAX - 120 * MINUTE) /* 49 days; a stamp plus any limit fits */
#define NEVER UINT32_MAX

enum kind {
    STOP,
    CLEARED,
    LEFT,
    DEPARTED,
    CHECKIN,
    ARRIVED,
    ROUTE_CLEARED,
    REPORTED,
    NOTICE,
    POST_CHECKIN,
    PASSING, /* of no clause; it only lets time pass */
};

enum clause { B1, B2, B3, B4, B5, B6, B7, B8, B9, B9_OTHERWISE, CLAUSES };

static const char *const clause_names[CLAUSES] = {
    "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B9.otherwise",
};

/* A decoded entry. `a` is the vehicle, movement or incident, `zone` that of a stop. */
struct entry {
    uint32_t at;
    enum kind kind;
    uint32_t a, zone;
};

enum thing { VEHICLE, ZONE, MOVEMENT, INCIDENT, THINGS };

struct day {
    struct entry *entries;
    size_t n, cap;
    uint32_t things[THINGS]; /* how many of each were named: ids are 0..n-1 */
};

_Noreturn __attribute__((format(printf, 1, 2))) static void
die(const char *fmt, ...)
{
    va_list ap;

    fflush(stdout);
    fputs("ceiling_nine: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(2);
}

static void *
take(void *old, size_t n, size_t size)
{
    void *p = NULL;

    if (n == 0)
        n = 1;
    if (n <= SIZE_MAX / size)
        p = realloc(old, n * size);
    if (p == NULL)
        die("out of memory");
    return p;
}

/* ---- judging: this is what is timed ---- */

/* A clock that runs: of whom, and since when. */
struct due {
    uint32_t id, from;
};

/* One queue for each limit. */
enum {
    B1_QUEUE,
    B2_QUEUE,
    B3_QUEUE,
    B6_NOTICE_QUEUE,
    B6_CHECKIN_QUEUE,
    B7_START_QUEUE,
    B7_CLEARED_QUEUE,
    B9_REPAIR_QUEUE,
    QUEUES,
};

static const uint32_t limits[QUEUES] = {
    [B1_QUEUE] = B1_LIMIT,
    [B2_QUEUE] = B2_LIMIT,
    [B3_QUEUE] = B3_LIMIT,
    [B6_NOTICE_QUEUE] = B6_NOTICE_LIMIT,
    [B6_CHECKIN_QUEUE] = B6_CHECKIN_LIMIT,
    [B7_START_QUEUE] = B7_TOLERATED,
    [B7_CLEARED_QUEUE] = B7_FRESH + B7_TOLERATED,
    [B9_REPAIR_QUEUE] = B9_REPAIR_LIMIT,
};

/* The clocks of one limit, oldest first. A place is counted from the start of the day;
 * it never wraps, for a day has fewer than 2^32 entries. */
struct queue {
    struct due *ring;
    uint32_t head, tail, mask;
};

struct vehicle {
    uint32_t since; /* start of waiting */
    bool waiting, late;
};

/* The vehicles that stood here last, each once, newest first. */
#define NEWEST (B5_OTHERS_MAX + 2)
struct zone {
    uint32_t vehicle[NEWEST]; /* its id + 1, so that zero is nobody */
    uint32_t at[NEWEST];
};

struct movement {
    uint32_t clock;      /* B3: the later of start and last check-in */
    uint32_t cleared_at; /* if `cleared`: the last clearance of its route */
    uint32_t b7_due;     /* B7: the last instant that is not a breach yet */
    uint32_t repairs;    /* B9: open repair duties ... */
    uint32_t repaired;   /* ... none of which stands before this place of the queue */
    bool moving, cleared, b3_late, b7_late;
};

struct incident {
    uint32_t b2_open;   /* reports without notice */
    uint32_t b6_open;   /* the same within B6, whose limit is shorter */
    uint32_t noticed;   /* reports at earlier places of b2 and b6_notice are answered */
    uint32_t b6_told;   /* notices that a check-in must follow ... */
    uint32_t checked;   /* ... none before this place of b6_checkin */
};

struct tally {
    uint64_t opened, met, breached;
};

struct judge {
    uint32_t next; /* no clock of any queue ends before this */
    struct queue queues[QUEUES];
    struct vehicle *vehicles;
    struct zone *zones;
    struct movement *movements;
    struct incident *incidents;
    struct tally tally[CLAUSES];
};

static void
queue_grow(struct queue *q)
{
    uint32_t cap = q->ring == NULL ? 64 : 2 * (q->mask + 1);
    struct due *ring = take(NULL, cap, sizeof *ring);

    for (uint32_t i = q->head; i != q->tail; i++)
        ring[i & (cap - 1)] = q->ring[i & q->mask];
    free(q->ring);
    q->ring = ring;
    q->mask = cap - 1;
}

/* Start a clock. Every clock of a queue has the same limit and entries come in the order
 * of time, so the tail is always the right place. */
static inline void
start(struct judge *j, size_t queue, uint32_t id, uint32_t from)
{
    struct queue *q = &j->queues[queue];

    if (q->tail - q->head > q->mask || q->ring == NULL)
        queue_grow(q);
    q->ring[q->tail++ & q->mask] = (struct due){id, from};
    if (from + limits[queue] < j->next)
        j->next = from + limits[queue];
}

/* The oldest clock of the queue; NULL when none runs. */
static inline const struct due *
oldest(const struct queue *q)
{
    return q->head == q->tail ? NULL : &q->ring[q->head & q->mask];
}

/* Has a clock run out before an entry at `t`? A limit is dated `due` and takes effect one
 * millisecond later: an entry stamped `due` comes first, and is in time ("within D"
 * includes the limit; "more than D" and "at least every D" are broken only past it). The
 * rest of the queue is younger, so a clock that has not run out says when to return. */
static inline bool
ran_out(struct judge *j, uint32_t due, uint32_t t)
{
    if (due < t)
        return true;
    if (due < j->next)
        j->next = due;
    return false;
}

/* Take every change that is due before an entry at `t`. Clocks that were stopped stay in
 * their queue until they reach its head; here they are passed over. */
static void
expire(struct judge *j, uint32_t t)
{
    struct queue *q;
    const struct due *d;

    j->next = NEVER;

    /* B1: one verdict per episode of waiting, given once, while it still runs on. */
    for (q = &j->queues[B1_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct vehicle *v = &j->vehicles[d->id];
        if (!v->waiting || v->late || v->since != d->from)
            continue;
        if (!ran_out(j, d->from + B1_LIMIT, t))
            break;
        v->late = true;
        j->tally[B1].breached++;
    }
    for (q = &j->queues[B2_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct incident *i = &j->incidents[d->id];
        if (q->head < i->noticed)
            continue;
        if (!ran_out(j, d->from + B2_LIMIT, t))
            break;
        i->b2_open--;
        j->tally[B2].breached++;
    }
    /* B3: a breach is counted once; it stays open until a check-in or the arrival. */
    for (q = &j->queues[B3_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct movement *m = &j->movements[d->id];
        if (!m->moving || m->b3_late || m->clock != d->from)
            continue;
        if (!ran_out(j, d->from + B3_LIMIT, t))
            break;
        m->b3_late = true;
        j->tally[B3].breached++;
    }
    /* B6: breached at the first limit missed, so a duty leaves at either of the two. */
    for (q = &j->queues[B6_NOTICE_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct incident *i = &j->incidents[d->id];
        if (q->head < i->noticed)
            continue;
        if (!ran_out(j, d->from + B6_NOTICE_LIMIT, t))
            break;
        i->b6_open--;
        j->tally[B6].breached++;
    }
    for (q = &j->queues[B6_CHECKIN_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct incident *i = &j->incidents[d->id];
        if (q->head < i->checked)
            continue;
        if (!ran_out(j, d->from + B6_CHECKIN_LIMIT, t))
            break;
        i->b6_told--;
        j->tally[B6].breached++;
    }
    /* B7: of a movement that set out without a fresh clearance, and of one whose
     * clearance grew old. The second clock runs from the clearance, whether the movement
     * is on the road yet or not; a newer clearance has a clock of its own. */
    for (q = &j->queues[B7_START_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct movement *m = &j->movements[d->id];
        if (!m->moving || m->b7_late || m->b7_due != d->from + B7_TOLERATED)
            continue;
        if (!ran_out(j, m->b7_due, t))
            break;
        m->b7_late = true;
        j->tally[B7].breached++;
    }
    for (q = &j->queues[B7_CLEARED_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct movement *m = &j->movements[d->id];
        uint32_t due = d->from + B7_FRESH + B7_TOLERATED;
        if (m->cleared_at != d->from)
            continue;
        if (!ran_out(j, due, t))
            break;
        if (!m->moving || m->b7_late || m->b7_due != due)
            continue;
        m->b7_late = true;
        j->tally[B7].breached++;
    }
    for (q = &j->queues[B9_REPAIR_QUEUE]; (d = oldest(q)) != NULL; q->head++) {
        struct movement *m = &j->movements[d->id];
        if (q->head < m->repaired)
            continue;
        if (!ran_out(j, d->from + B9_REPAIR_LIMIT, t))
            break;
        m->repairs--;
        j->tally[B9_OTHERWISE].breached++;
    }
}

/* A verdict that is given at once. */
static inline void
rule(struct tally *t, bool holds)
{
    t->opened++;
    t->met += holds;
    t->breached += !holds;
}

/* B5: does nobody, or do at most two others, stand here within the window, its limit
 * included? The state is the one before the entry: it does not count itself. Four
 * vehicles are enough to know, for at most one of them is v and three others are too
 * many; so the fifth that stood here is forgotten. */
static inline bool
zone_stop(struct zone *z, uint32_t v, uint32_t t)
{
    uint32_t others = 0, name = v + 1, was = NEWEST - 1;

    for (uint32_t k = 0; k < NEWEST; k++)
        others += z->vehicle[k] != 0 && z->vehicle[k] != name &&
                  z->at[k] + B5_WINDOW >= t;
    for (uint32_t k = NEWEST - 1; k-- > 0;)
        was = z->vehicle[k] == name ? k : was;
    for (uint32_t k = NEWEST - 1; k > 0; k--) { /* no branch: `was` cannot be guessed */
        z->vehicle[k] = z->vehicle[k - (k <= was)];
        z->at[k] = z->at[k - (k <= was)];
    }
    z->vehicle[0] = name;
    z->at[0] = t;
    return others <= B5_OTHERS_MAX;
}

static inline void
vehicle_stop(struct judge *j, uint32_t id, uint32_t t)
{
    struct vehicle *v = &j->vehicles[id];

    if (v->waiting)
        return; /* a state already running is not restarted */
    *v = (struct vehicle){.since = t, .waiting = true};
    j->tally[B1].opened++;
    start(j, B1_QUEUE, id, t);
}

static inline void
vehicle_end(struct judge *j, struct vehicle *v)
{
    j->tally[B1].met += v->waiting && !v->late;
    v->waiting = false;
}

static void
departed(struct judge *j, uint32_t id, uint32_t t)
{
    struct movement *m = &j->movements[id];
    bool fresh = m->cleared && m->cleared_at + B4_FRESH >= t; /* an age of D is within */

    /* Every departure is judged, also that of a movement already on the road. */
    rule(&j->tally[B4], fresh);
    rule(&j->tally[B9], fresh);
    if (!fresh) { /* and every breach opens a repair duty of its own */
        m->repairs++;
        j->tally[B9_OTHERWISE].opened++;
        start(j, B9_REPAIR_QUEUE, id, t);
    }
    if (m->moving)
        return;
    m->moving = true;
    m->b3_late = m->b7_late = false;
    m->clock = t;
    j->tally[B3].opened++;
    start(j, B3_QUEUE, id, t);
    /* B7 counts the time that it is moving and not cleared: from here, or from the date
     * at which the clearance grows old. */
    j->tally[B7].opened++;
    if (m->cleared && m->cleared_at + B7_FRESH >= t) {
        m->b7_due = m->cleared_at + B7_FRESH + B7_TOLERATED; /* its clock runs already */
    } else {
        m->b7_due = t + B7_TOLERATED;
        start(j, B7_START_QUEUE, id, t);
    }
}

static void
checkin(struct judge *j, uint32_t id, uint32_t t)
{
    struct movement *m = &j->movements[id];

    if (!m->moving)
        return;
    if (m->b3_late) { /* the breach ends, and a new episode begins */
        m->b3_late = false;
        j->tally[B3].opened++;
    }
    m->clock = t;
    start(j, B3_QUEUE, id, t);
}

static void
arrived(struct judge *j, uint32_t id)
{
    struct movement *m = &j->movements[id];

    if (!m->moving)
        return;
    m->moving = false;
    j->tally[B3].met += !m->b3_late; /* an open breach ends; no more is counted */
    j->tally[B7].met += !m->b7_late;
}

static void
route_cleared(struct judge *j, uint32_t id, uint32_t t)
{
    struct movement *m = &j->movements[id];

    m->cleared = true;
    m->cleared_at = t;
    start(j, B7_CLEARED_QUEUE, id, t);
    if (m->moving) {
        if (m->b7_late) {
            m->b7_late = false;
            j->tally[B7].opened++;
        }
        m->b7_due = t + B7_FRESH + B7_TOLERATED;
    }
    j->tally[B9_OTHERWISE].met += m->repairs; /* one answer meets all that it fits */
    m->repairs = 0;
    m->repaired = j->queues[B9_REPAIR_QUEUE].tail;
}

static void
reported(struct judge *j, uint32_t id, uint32_t t)
{
    struct incident *i = &j->incidents[id];

    i->b2_open++;
    i->b6_open++;
    j->tally[B2].opened++;
    j->tally[B6].opened++;
    start(j, B2_QUEUE, id, t); /* both at the same place, so `noticed` is one */
    start(j, B6_NOTICE_QUEUE, id, t);
}

static void
notice(struct judge *j, uint32_t id, uint32_t t)
{
    struct incident *i = &j->incidents[id];

    j->tally[B2].met += i->b2_open;
    i->b2_open = 0;
    i->noticed = j->queues[B2_QUEUE].tail;
    for (; i->b6_open > 0; i->b6_open--, i->b6_told++)
        start(j, B6_CHECKIN_QUEUE, id, t);
}

static void
post_checkin(struct judge *j, uint32_t id)
{
    struct incident *i = &j->incidents[id];

    j->tally[B6].met += i->b6_told;
    i->b6_told = 0;
    i->checked = j->queues[B6_CHECKIN_QUEUE].tail;
}

static void
judge_reset(struct judge *j, const struct day *day)
{
    for (size_t k = 0; k < QUEUES; k++)
        j->queues[k].head = j->queues[k].tail = 0;
    memset(j->vehicles, 0, day->things[VEHICLE] * sizeof *j->vehicles);
    memset(j->zones, 0, day->things[ZONE] * sizeof *j->zones);
    memset(j->movements, 0, day->things[MOVEMENT] * sizeof *j->movements);
    memset(j->incidents, 0, day->things[INCIDENT] * sizeof *j->incidents);
    memset(j->tally, 0, sizeof j->tally);
    j->next = NEVER;
}

/* Judge the day. The end of it breaches nothing: the last entry is the last thing that
 * lets time pass, and what is open then is pending. */
static void
judge_day(struct judge *j, const struct day *day)
{
    const struct entry *end = day->entries + day->n;

    judge_reset(j, day);
    for (const struct entry *e = day->entries; e < end; e++) {
        uint32_t t = e->at;

        if (t > j->next)
            expire(j, t);
        switch (e->kind) {
        case STOP:
            rule(&j->tally[B5], zone_stop(&j->zones[e->zone], e->a, t));
            vehicle_stop(j, e->a, t);
            break;
        case CLEARED: {
            struct vehicle *v = &j->vehicles[e->a];
            /* "Has held for D" is dated D after the start, so it is true only past it. */
            rule(&j->tally[B8], v->waiting && v->since + B8_HELD < t);
            vehicle_end(j, v);
            break;
        }
        case LEFT:
            vehicle_end(j, &j->vehicles[e->a]);
            break;
        case DEPARTED:
            departed(j, e->a, t);
            break;
        case CHECKIN:
            checkin(j, e->a, t);
            break;
        case ARRIVED:
            arrived(j, e->a);
            break;
        case ROUTE_CLEARED:
            route_cleared(j, e->a, t);
            break;
        case REPORTED:
            reported(j, e->a, t);
            break;
        case NOTICE:
            notice(j, e->a, t);
            break;
        case POST_CHECKIN:
            post_checkin(j, e->a);
            break;
        case PASSING:
            break;
        }
    }
}

static void
judge_init(struct judge *j, const struct day *day)
{
    memset(j, 0, sizeof *j);
    j->vehicles = take(NULL, day->things[VEHICLE], sizeof *j->vehicles);
    j->zones = take(NULL, day->things[ZONE], sizeof *j->zones);
    j->movements = take(NULL, day->things[MOVEMENT], sizeof *j->movements);
    j->incidents = take(NULL, day->things[INCIDENT], sizeof *j->incidents);
}

static void
judge_free(struct judge *j)
{
    for (size_t k = 0; k < QUEUES; k++)
        free(j->queues[k].ring);
    free(j->vehicles);
    free(j->zones);
    free(j->movements);
    free(j->incidents);
}

/* ---- decoding: JSON lines to entries ---- */

struct str {
    const char *ptr;
    size_t len;
};

/* The names of one kind of thing: open addressing, linear probing, at most half full.
 * The names themselves stay in the text. */
struct names {
    struct name {
        const char *ptr; /* NULL: free */
        uint64_t hash;
        uint32_t len, id;
    } *slots;
    uint32_t n, mask;
};

static uint64_t
str_hash(struct str s)
{
    uint64_t h = s.len * 0x9e3779b97f4a7c15u, w;

    for (; s.len >= 8; s.ptr += 8, s.len -= 8) {
        memcpy(&w, s.ptr, 8);
        h = (h ^ w) * 0x9e3779b97f4a7c15u;
        h ^= h >> 32;
    }
    memcpy(&w, s.ptr, 8); /* the text is padded; what is beyond the name is cut off */
    w &= ((uint64_t)1 << (8 * s.len)) - 1;
    h = (h ^ w) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static void
names_grow(struct names *t)
{
    uint32_t cap = t->slots == NULL ? 1024 : 2 * (t->mask + 1);
    struct name *slots = take(NULL, cap, sizeof *slots);

    memset(slots, 0, cap * sizeof *slots);
    for (uint32_t k = 0; t->slots != NULL && k <= t->mask; k++) {
        if (t->slots[k].ptr == NULL)
            continue;
        uint64_t at = t->slots[k].hash;
        while (slots[at & (cap - 1)].ptr != NULL)
            at++;
        slots[at & (cap - 1)] = t->slots[k];
    }
    free(t->slots);
    t->slots = slots;
    t->mask = cap - 1;
}

static uint32_t
names_id(struct names *t, struct str s)
{
    uint64_t h = str_hash(s);

    if (2 * t->n >= t->mask)
        names_grow(t);
    for (uint64_t at = h;; at++) {
        struct name *e = &t->slots[at & t->mask];
        if (e->ptr == NULL) {
            *e = (struct name){s.ptr, h, (uint32_t)s.len, t->n};
            return t->n++;
        }
        /* For a name of less than eight bytes, equal hashes mean equal names. */
        if (e->hash == h && e->len == s.len &&
            (s.len < 8 || memcmp(e->ptr, s.ptr, s.len) == 0))
            return e->id;
    }
}

static const struct {
    const char *name;
    size_t len;
    enum kind kind;
    enum thing a;
} kinds[] = {
#define KIND(s, kind, a) {s, sizeof(s) - 1, kind, a}
    KIND("sighting.stop", STOP, VEHICLE), /* and a zone */
    KIND("sighting.cleared", CLEARED, VEHICLE),
    KIND("sighting.left", LEFT, VEHICLE),
    KIND("movement.checkin", CHECKIN, MOVEMENT),
    KIND("incident.reported", REPORTED, INCIDENT),
    KIND("notice.given", NOTICE, INCIDENT),
    KIND("post.checkin", POST_CHECKIN, INCIDENT),
    KIND("route.cleared", ROUTE_CLEARED, MOVEMENT),
    KIND("movement.departed", DEPARTED, MOVEMENT),
    KIND("movement.arrived", ARRIVED, MOVEMENT),
    KIND("appointment.made", PASSING, THINGS),
    KIND("appointment.ended", PASSING, THINGS),
#undef KIND
};

struct decoder {
    const char *path, *p, *end; /* *end is a newline, with eight bytes behind it */
    size_t line;
    struct names names[THINGS];
    char date[10]; /* the last date read, and its midnight: most lines have the same */
    int64_t midnight;
};

_Noreturn __attribute__((format(printf, 2, 3))) static void
bad_line(const struct decoder *d, const char *fmt, ...)
{
    char why[160];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, sizeof why, fmt, ap);
    va_end(ap);
    die("%s: line %zu: %s", d->path, d->line, why);
}

static inline void
skip_space(struct decoder *d)
{
    while (*d->p == ' ' || *d->p == '\t' || *d->p == '\r')
        d->p++;
}

static inline void
expect(struct decoder *d, char c)
{
    skip_space(d);
    if (*d->p != c)
        bad_line(d, "expected '%c'", c);
    d->p++;
}

#define EACH_BYTE(c) (0x0101010101010101u * (c))
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the lowest");

/* The first quote, backslash or control character from `p`; eight bytes at a time. There
 * is one: the padding. The lowest mark is right; a borrow only spoils those above it. */
static inline const char *
special(const char *p)
{
    for (;; p += 8) {
        uint64_t w, quote, slash, marks;

        memcpy(&w, p, 8);
        quote = w ^ EACH_BYTE('"');
        slash = w ^ EACH_BYTE('\\');
        marks = (quote - EACH_BYTE(1)) & ~quote;
        marks |= (slash - EACH_BYTE(1)) & ~slash;
        marks |= (w - EACH_BYTE(' ')) & ~w;
        marks &= EACH_BYTE(0x80);
        if (marks != 0)
            return p + __builtin_ctzll(marks) / 8;
    }
}

/* string = '"' anything but control characters '"' ; a backslash hides what follows */
static inline struct str
string(struct decoder *d, bool *ret_escaped)
{
    const char *from;

    expect(d, '"');
    *ret_escaped = false;
    for (from = d->p; *(d->p = special(d->p)) != '"'; d->p += 2) {
        if (*d->p != '\\' || d->p[1] == '\n')
            bad_line(d, "a string without its end");
        *ret_escaped = true;
    }
    return (struct str){from, (size_t)(d->p++ - from)};
}

static struct str
plain_string(struct decoder *d)
{
    bool escaped;
    struct str s = string(d, &escaped);

    if (escaped)
        bad_line(d, "an escape in a name or stamp");
    return s;
}

/* Pass over a value that no clause reads; nested ones by the depth of their brackets. */
static void
skip_value(struct decoder *d)
{
    size_t depth = 0;
    bool escaped;

    do {
        skip_space(d);
        if (*d->p == '"') {
            string(d, &escaped);
            continue;
        }
        if (*d->p == '\n' || (depth == 0 && strchr(",}]", *d->p) != NULL))
            bad_line(d, "expected a value");
        if (*d->p == '{' || *d->p == '[') {
            depth++;
        } else if (*d->p == '}' || *d->p == ']') {
            depth--;
        } else if (depth == 0) { /* a number or a word */
            while (*d->p != ',' && *d->p != '}' && *d->p != '\n')
                d->p++;
            continue;
        }
        d->p++;
    } while (depth > 0);
}

static uint32_t
digits(struct decoder *d, const char *p, size_t n, uint32_t min, uint32_t max)
{
    uint32_t v = 0;

    for (size_t k = 0; k < n; k++) {
        if (p[k] < '0' || p[k] > '9')
            bad_line(d, "a stamp is written 2026-03-01T00:00:00.000Z");
        v = 10 * v + (uint32_t)(p[k] - '0');
    }
    if (v < min || v > max)
        bad_line(d, "no such date or time");
    return v;
}

static int64_t
midnight(struct decoder *d, const char *p)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t y = digits(d, p, 4, 1, 9999), n;
    uint32_t m = digits(d, p + 5, 2, 1, 12);
    bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

    n = digits(d, p + 8, 2, 1, days[m - 1] + (uint32_t)(leap && m == 2));
    for (uint32_t k = 1; k < m; k++)
        n += days[k - 1] + (leap && k == 2);
    y--;
    n += 365 * y + y / 4 - y / 100 + y / 400;
    return n * 86400000;
}

/* stamp = yyyy '-' mm '-' dd 'T' hh ':' mm ':' ss '.' mmm 'Z' */
static int64_t
stamp(struct decoder *d, struct str s)
{
    const char *p = s.ptr;

    if (s.len != 24 || p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':' ||
        p[16] != ':' || p[19] != '.' || p[23] != 'Z')
        bad_line(d, "a stamp is written 2026-03-01T00:00:00.000Z");
    if (memcmp(d->date, p, sizeof d->date) != 0) {
        d->midnight = midnight(d, p);
        memcpy(d->date, p, sizeof d->date);
    }
    return d->midnight + digits(d, p + 11, 2, 0, 23) * 3600000 +
           digits(d, p + 14, 2, 0, 59) * 60000 + digits(d, p + 17, 2, 0, 59) * 1000 +
           digits(d, p + 20, 3, 0, 999);
}

struct line {
    struct str kind, at, things[THINGS];
};

/* line = '{' [ member { ',' member } ] '}' ; member = string ':' value */
static void
decode_line(struct decoder *d, struct line *ret_line)
{
    *ret_line = (struct line){0};
    expect(d, '{');
    for (;;) {
        bool escaped;
        struct str key = string(d, &escaped), *field = NULL;

        if (key.len == 1) {
            switch (key.ptr[0]) {
            case 'v': field = &ret_line->things[VEHICLE]; break;
            case 'z': field = &ret_line->things[ZONE]; break;
            case 'm': field = &ret_line->things[MOVEMENT]; break;
            case 'i': field = &ret_line->things[INCIDENT]; break;
            default: break;
            }
        } else if (key.len == 2 && memcmp(key.ptr, "at", 2) == 0) {
            field = &ret_line->at;
        } else if (key.len == 4 && memcmp(key.ptr, "kind", 4) == 0) {
            field = &ret_line->kind;
        }
        expect(d, ':');
        if (field == NULL) {
            skip_value(d);
        } else if (field->ptr != NULL) {
            bad_line(d, "'%.*s' stands twice", (int)key.len, key.ptr);
        } else {
            *field = plain_string(d);
        }
        skip_space(d);
        if (*d->p == '}')
            break;
        expect(d, ',');
    }
    d->p++;
    skip_space(d);
    if (*d->p != '\n')
        bad_line(d, "something follows the closing brace");
    d->p++;
}

static uint32_t
thing_id(struct decoder *d, const struct line *line, enum thing thing)
{
    static const char keys[THINGS] = "vzmi";

    if (line->things[thing].ptr == NULL)
        bad_line(d, "%.*s needs '%c'", (int)line->kind.len, line->kind.ptr, keys[thing]);
    return names_id(&d->names[thing], line->things[thing]);
}

/* Decode a whole text; its entries must be in the order of time. Done again, it takes no
 * memory. */
static void
decode(struct decoder *d, struct str text, struct day *day)
{
    int64_t first = 0, last = 0;

    d->p = text.ptr;
    d->end = text.ptr + text.len;
    d->line = 0;
    day->n = 0;
    for (size_t k = 0; k < THINGS; k++) {
        struct names *t = &d->names[k];
        if (t->slots != NULL)
            memset(t->slots, 0, (t->mask + (size_t)1) * sizeof *t->slots);
        t->n = 0;
    }
    while (d->p < d->end) {
        struct line line;
        size_t k = 0;
        const size_t n = sizeof kinds / sizeof *kinds;

        d->line++;
        decode_line(d, &line);
        if (line.kind.ptr == NULL || line.at.ptr == NULL)
            bad_line(d, "an entry needs 'kind' and 'at'");
        int64_t at = stamp(d, line.at);
        if (d->line == 1)
            first = last = at;
        if (at < last)
            bad_line(d, "earlier than the line before; sort the file by 'at'");
        if (at - first > AT_MAX)
            bad_line(d, "more than 49 days after the first line");
        last = at;
        /* It opens the log and is no entry of the field. Everything before it is empty:
         * these logs begin complete. */
        if (line.kind.len == 14 && memcmp(line.kind.ptr, "theatre.opened", 14) == 0)
            continue;
        while (k < n && (kinds[k].len != line.kind.len ||
                         memcmp(kinds[k].name, line.kind.ptr, line.kind.len) != 0))
            k++;
        if (k == n)
            bad_line(d, "unknown kind '%.*s'", (int)line.kind.len, line.kind.ptr);
        if (day->n == day->cap) {
            day->cap = day->cap == 0 ? 4096 : 2 * day->cap;
            day->entries = take(day->entries, day->cap, sizeof *day->entries);
        }
        if (day->n == UINT32_MAX)
            bad_line(d, "too many entries");
        struct entry *e = &day->entries[day->n++];
        *e = (struct entry){.at = (uint32_t)(at - first), .kind = kinds[k].kind};
        if (kinds[k].a != THINGS)
            e->a = thing_id(d, &line, kinds[k].a);
        if (e->kind == STOP)
            e->zone = thing_id(d, &line, ZONE);
    }
    for (size_t k = 0; k < THINGS; k++)
        day->things[k] = d->names[k].n;
}

/* ---- the program ---- */

static const char usage[] = "usage: ceiling_nine [--counts | --json] [--repeat N] FILE, or --bytes";

/* The whole file, a newline at its end and eight bytes of padding. */
static char *
read_file(const char *path, size_t *ret_len)
{
    FILE *f = fopen(path, "rb");
    size_t len = 0, cap = (size_t)1 << 20, n;
    char *text = take(NULL, cap, 1);

    if (f == NULL)
        die("%s: %s", path, strerror(errno));
    while ((n = fread(text + len, 1, cap - len - 16, f)) > 0) {
        len += n;
        if (cap - len < cap / 4) {
            cap *= 2;
            text = take(text, cap, 1);
        }
    }
    if (ferror(f))
        die("%s: %s", path, strerror(errno));
    fclose(f);
    if (len > 0 && text[len - 1] != '\n')
        text[len++] = '\n';
    memset(text + len, '\n', 9);
    *ret_len = len;
    return text;
}

static double
seconds(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts); /* of this process, as the engine's */
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static int
by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double
sort_for_median(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value);
    return (v[(n - 1) / 2] + v[n / 2]) / 2;
}

static void
show_rates(const char *what, double *rates, size_t n)
{
    double median = sort_for_median(rates, n);

    printf("  %-8smin %.1f  median %.1f  max %.1f  (of %zu)\n", what, rates[0] / 1e6,
           median / 1e6, rates[n - 1] / 1e6, n);
}

static uint64_t
pending(const struct tally *t)
{
    return t->opened - t->met - t->breached;
}

int
main(int argc, char **argv)
{
    bool counts = false, json = false;
    const char *path = NULL;
    size_t repeat = 15;
    struct decoder d = {0};
    struct day day = {0};
    struct judge judge;
    struct tally first[CLAUSES];

    if (argc == 2 && strcmp(argv[1], "--bytes") == 0) { /* what one of each takes, running clocks apart */
        printf("vehicle %zu\nzone %zu\nmovement %zu\nincident %zu\nclock %zu\n", sizeof *judge.vehicles,
               sizeof *judge.zones, sizeof *judge.movements, sizeof *judge.incidents, sizeof(struct due));
        return 0;
    }
    for (int k = 1; k < argc; k++) {
        if (strcmp(argv[k], "--counts") == 0) {
            counts = true;
        } else if (strcmp(argv[k], "--json") == 0) {
            json = true;
        } else if (strcmp(argv[k], "--repeat") == 0) {
            char *end;

            if (++k == argc)
                die("--repeat needs a number\n%s", usage);
            errno = 0;
            repeat = strtoul(argv[k], &end, 10);
            if (argv[k][0] < '0' || argv[k][0] > '9' || *end != '\0' || errno != 0 ||
                repeat < 1 || repeat > 100000)
                die("--repeat takes a number from 1 to 100000, not '%s'", argv[k]);
        } else if (argv[k][0] == '-') {
            die("unknown option '%s'\n%s", argv[k], usage);
        } else if (path != NULL) {
            die("one file at a time, not '%s' too\n%s", argv[k], usage);
        } else {
            path = argv[k];
        }
    }
    if (path == NULL)
        die("which file?\n%s", usage);
    if (counts && json)
        die("--counts or --json, not both\n%s", usage);

    size_t len;
    char *text = read_file(path, &len);
    d.path = path;
    double decode_rates[5], t0;
    size_t decodes = repeat < 5 ? repeat : 5;
    for (size_t k = 0; k < decodes; k++) {
        t0 = seconds();
        decode(&d, (struct str){text, len}, &day);
        decode_rates[k] = (double)d.line / (seconds() - t0);
    }
    if (day.n == 0)
        die("%s: no entry to judge", path);

    double *rates = take(NULL, repeat, sizeof *rates);
    judge_init(&judge, &day);
    for (size_t k = 0; k < repeat; k++) {
        t0 = seconds();
        judge_day(&judge, &day);
        rates[k] = (double)day.n / (seconds() - t0);
        if (k == 0)
            memcpy(first, judge.tally, sizeof first);
        if (memcmp(first, judge.tally, sizeof first) != 0)
            die("bug: repetition %zu judged otherwise than the first", k + 1);
    }
    double median = sort_for_median(rates, repeat);

    if (json)
        printf("{\"name\":\"ceiling.nine\",\"value\":%.0f,\"unit\":\"entries/s\","
               "\"against\":\"\",\"ratio\":1}\n",
               median);
    if (counts)
        for (size_t k = 0; k < CLAUSES; k++)
            printf("%s met %" PRIu64 " breached %" PRIu64 " pending %" PRIu64 "\n",
                   clause_names[k], first[k].met, first[k].breached, pending(&first[k]));
    if (!json && !counts) {
        printf("%-14s%10s%10s%10s\n", "clause", "met", "breached", "pending");
        for (size_t k = 0; k < CLAUSES; k++)
            printf("%-14s%10" PRIu64 "%10" PRIu64 "%10" PRIu64 "\n", clause_names[k],
                   first[k].met, first[k].breached, pending(&first[k]));
        printf("\n%zu entries; million entries/s\n", day.n);
        show_rates("judged", rates, repeat);
        show_rates("decoded", decode_rates, decodes);
    }

    judge_free(&judge);
    for (size_t k = 0; k < THINGS; k++)
        free(d.names[k].slots);
    free(day.entries);
    free(rates);
    free(text);
    return 0;
}
