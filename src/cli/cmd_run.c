/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run.c -- judge a file of events offline. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/judge.h"
#include "view/lines.h"
#include "view/table.h"

struct run {
    struct judging j;
    struct os_out *out;
    struct minutes table;
    bool json, breached;
    char line[1 << 20];
};

static void
say(void *context, const struct out *o)
{
    struct run *r = context;
    struct buf b = buf_of(r->line, sizeof r->line);

    if (o->type == OUT_VERDICT && o->verdict->value == V_BREACHED)
        r->breached = true;
    if (o->at < r->j.from)
        return;
    if (r->json) {
        put_out_json(&r->j.view, o, &b);
        put_c(&b, '\n');
    } else {
        put_out_table(&r->table, &r->j.view, o, &b);
    }
    os_out_put(r->out, buf_str(&b));
}

static void
say_end(struct run *r)
{
    struct buf b = buf_of(r->line, sizeof r->line);

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
    os_out_init(out, 1);
    if (!judging_options(&r->j, &argc, argv) || !no_more_options(argc, argv))
        goto out;
    if (argc != 3) {
        code = usage(&cmd_run);
        goto out;
    }
    if (!judging_read(&r->j, argv[1], argv[2], say, r) || !judging_run(&r->j))
        goto out;
    say_end(r);
    code = r->breached ? EXIT_BREACHED : EXIT_FINE;
out:
    if (os_out_end(out, "standard output", &d) != ST_OK)
        code = complain(NULL, d.text);
    judging_free(&r->j);
    free(out);
    free(r);
    return code;
}

const struct command cmd_run = {
    "run", "AGREEMENT EVENTS [--order known|happened] [--from TIME] [--until TIME] [--json]",
    "judge a file of events: what was due, what was silent, what the gate said, who was told", cmd,
};
