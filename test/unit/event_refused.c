/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal of event_read(), with the whole sentence it says and the part of the line it shows.
 * In a line ' stands for " and %257(x) for 257 times x. */
#include "event_test.h"

#define A "'at':'2024-10-06T17:20:00.000Z','by':'cam-3'"
#define M "'m':'M','departure':'2024-10-06T18:00:00.000Z'"

static const struct {
    const char *what, *line;
    enum status st;
    const char *where, *want;
} cases[] = {
    /* not JSON, or no object */
    {"nothing", "",
     ST_MALFORMED, "",
     "a line is one JSON object: {\"kind\":...}"},
    {"not an object", "[1]",
     ST_MALFORMED, "[",
     "a line is one JSON object: {\"kind\":...}"},
    {"a string", "'kind'",
     ST_MALFORMED, "'kind'",
     "a line is one JSON object: {\"kind\":...}"},
    {"cut short", "{'kind':'sighting.left'," A ",'v':'X'",
     ST_MALFORMED, "",
     "the input ends here; a comma or } goes here"},
    {"bytes behind", "{'kind':'sighting.left'," A ",'v':'X'}x",
     ST_MALFORMED, "x",
     "nothing may follow the value"},
    {"a comma too many", "{'kind':'sighting.left'," A ",'v':'X',}",
     ST_MALFORMED, "}",
     "a key in double quotes goes here"},
    {"deep JSON", "{'kind':'sighting.left','v':%40([)",
     ST_INVALID, "[",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; it is a list"},
    /* the kind */
    {"no kind", "{" A "}",
     ST_INVALID, "}",
     "a line says its kind, such as \"kind\":\"sighting.stop\""},
    {"an empty object", "{}",
     ST_INVALID, "}",
     "a line says its kind, such as \"kind\":\"sighting.stop\""},
    {"a kind that is no string", "{'kind':7}",
     ST_INVALID, "7",
     "the kind is a name in quotes, such as \"sighting.stop\""},
    {"a kind misspelt", "{'kind':'sighting.stpo'," A "}",
     ST_INVALID, "'sighting.stpo'",
     "no event is called 'sighting.stpo': did you mean 'sighting.stop'?"},
    {"a kind like no other", "{'kind':'weather.rain'," A "}",
     ST_INVALID, "'weather.rain'",
     "no event is called 'weather.rain'; use one of the agreement's kinds"},
    {"a kind twice", "{'kind':'sighting.left'," A ",'v':'X','kind':'sighting.left'}",
     ST_INVALID, "'kind'",
     "the field 'kind' of sighting.left stands twice; keep one"},
    {"a long kind", "{'kind':'sighting.%60(x)'," A "}",
     ST_INVALID, "'sighting.%60(x)'",
     "no event is called 'sighting.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'; use one of the agreement's kinds"},
    /* keys */
    {"a field misspelt", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','clas':'car'}",
     ST_INVALID, "'clas'",
     "sighting.stop has no field 'clas': did you mean 'class'?"},
    {"a header key misspelt", "{'kind':'sighting.left'," A ",'v':'X','knwon':'2024-10-06T17:20:00.000Z'}",
     ST_INVALID, "'knwon'",
     "sighting.left has no field 'knwon': did you mean 'known'?"},
    {"a field of no kind like it", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'car','colour':'red'}",
     ST_INVALID, "'colour'",
     "sighting.stop has no field 'colour'; its fields are v, z, class, stand-off"},
    {"a field where none may be", "{'kind':'tick','at':'2024-10-06T17:20:00.000Z','place':1}",
     ST_INVALID, "'place'",
     "tick has no field 'place'; leave it out"},
    {"a tick with a sender", "{'kind':'tick','at':'2024-10-06T17:20:00.000Z','by':'shell'}",
     ST_INVALID, "'by'",
     "tick has no field 'by'; leave it out"},
    {"a field twice", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'car','class':'van'}",
     ST_INVALID, "'class'",
     "the field 'class' of sighting.stop stands twice; keep one"},
    {"at twice", "{'kind':'sighting.left'," A ",'v':'X','at':'2024-10-06T17:20:00.000Z'}",
     ST_INVALID, "'at'",
     "the field 'at' of sighting.left stands twice; keep one"},
    {"a key with an escape", "{'kind':'sighting.left'," A ",'\\u0076':'X'}",
     ST_INVALID, "'\\u0076'",
     "the keys of sighting.left are written without a backslash"},
    {"an empty key", "{'kind':'sighting.left'," A ",'':'X'}",
     ST_INVALID, "''",
     "sighting.left has no field ''; its fields are v"},
    /* missing */
    {"at missing", "{'kind':'sighting.left','by':'cam-3','v':'X'}",
     ST_INVALID, "}",
     "sighting.left needs the field 'at': a time like 2024-10-06T17:20:00.000Z"},
    {"by missing", "{'kind':'sighting.left','at':'2024-10-06T17:20:00.000Z','v':'X'}",
     ST_INVALID, "}",
     "sighting.left needs the field 'by': a name of 1 to 256 bytes in quotes"},
    {"a thing missing", "{'kind':'sighting.left'," A "}",
     ST_INVALID, "}",
     "sighting.left needs the field 'v': a name of 1 to 256 bytes in quotes"},
    {"a choice missing", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1'}",
     ST_INVALID, "}",
     "sighting.stop needs the field 'class': one of car, pickup, van, small-truck, large-truck"},
    {"a role missing", "{'kind':'appointment.made'," A ",'who':'Li'}",
     ST_INVALID, "}",
     "appointment.made needs the field 'role': one of host.commander, guest.liaison, post.leader"},
    {"a time missing", "{'kind':'movement.ordered'," A ",'m':'M'}",
     ST_INVALID, "}",
     "movement.ordered needs the field 'departure': a time like 2024-10-06T17:20:00.000Z"},
    {"a place missing", "{'kind':'zone.drawn'," A ",'z':'Z'}",
     ST_INVALID, "}",
     "zone.drawn needs the field 'spot': a place like [67.1552,24.9012]"},
    {"a text missing", "{'kind':'movement.note'," A ",'m':'M'}",
     ST_INVALID, "}",
     "movement.note needs the field 'text': a text of 1 to 4096 bytes in quotes"},
    {"an offset missing", "{'kind':'zone.changed','at':'2024-10-06T17:20:00.000Z','by':'shell'}",
     ST_INVALID, "}",
     "zone.changed needs the field 'offset': a whole number of milliseconds from -86400000 to 86400000"},
    {"a sun missing", "{'kind':'sun.up','at':'2024-10-06T17:20:00.000Z','by':'shell'}",
     ST_INVALID, "}",
     "sun.up needs the field 'sun': one of daylight"},
    /* times */
    {"at without its milliseconds", "{'kind':'sighting.left','at':'2024-10-06T17:20:00Z','by':'c','v':'X'}",
     ST_INVALID, "Z",
     "the field 'at' of sighting.left must be a time like 2024-10-06T17:20:00.000Z; seconds have three decimals, as "
     "in 17:20:00.000Z"},
    {"known on 30 February", "{'kind':'sighting.left'," A ",'v':'X','known':'2024-02-30T17:20:00.000Z'}",
     ST_INVALID, "30",
     "the field 'known' of sighting.left must be a time like 2024-10-06T17:20:00.000Z; February 2024 has 29 days"},
    {"a time with an offset", "{'kind':'movement.ordered'," A ",'m':'M','departure':'2024-10-06T18:00:00.000+05:00'}",
     ST_INVALID, "+",
     "the field 'departure' of movement.ordered must be a time like 2024-10-06T17:20:00.000Z; times are in UTC: work "
     "out the offset and end with Z"},
    {"a time that is a number", "{'kind':'movement.ordered'," A ",'m':'M','departure':1728237600000}",
     ST_INVALID, "1728237600000",
     "the field 'departure' of movement.ordered must be a time like 2024-10-06T17:20:00.000Z; it is 1728237600000"},
    {"a time with an escape", "{'kind':'movement.ordered'," A ",'m':'M','departure':'2024\\u002d10-06T18:00:00.000Z'}",
     ST_INVALID, "\\",
     "the field 'departure' of movement.ordered must be a time like 2024-10-06T17:20:00.000Z; a time is written as "
     "2024-10-06T17:20:00.000Z"},
    /* numbers */
    {"a duration with a fraction", "{'kind':'movement.ordered'," A "," M ",'lead':1.5}",
     ST_INVALID, "1.5",
     "the field 'lead' of movement.ordered must be a whole number of milliseconds from 0 to 9007199254740991; it is "
     "1.5"},
    {"a duration below 0", "{'kind':'movement.ordered'," A "," M ",'lead':-1}",
     ST_INVALID, "-1",
     "the field 'lead' of movement.ordered must be a whole number of milliseconds from 0 to 9007199254740991; it is "
     "-1"},
    {"a duration in quotes", "{'kind':'movement.ordered'," A "," M ",'lead':'5 minutes'}",
     ST_INVALID, "'5 minutes'",
     "the field 'lead' of movement.ordered must be a whole number of milliseconds from 0 to 9007199254740991; it is "
     "'5 minutes'"},
    {"a count with an exponent", "{'kind':'movement.ordered'," A "," M ",'seats':1e2}",
     ST_INVALID, "1e2",
     "the field 'seats' of movement.ordered must be a whole number from 0 to 9007199254740991; it is 1e2"},
    {"a count beyond 2^53", "{'kind':'movement.ordered'," A "," M ",'seats':9007199254740992}",
     ST_INVALID, "9007199254740992",
     "the field 'seats' of movement.ordered must be a whole number from 0 to 9007199254740991; it is 9007199254740992"},
    {"a count of very many digits", "{'kind':'movement.ordered'," A "," M ",'seats':%50(9)}",
     ST_INVALID, "%50(9)",
     "the field 'seats' of movement.ordered must be a whole number from 0 to 9007199254740991; it is "
     "9999999999999999999999999999999999999999..."},
    {"metres in a list", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'car','stand-off':[5]}",
     ST_INVALID, "[",
     "the field 'stand-off' of sighting.stop must be a whole number of metres from 0 to 9007199254740991; it is a "
     "list"},
    {"metres below 0", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'car','stand-off':-5}",
     ST_INVALID, "-5",
     "the field 'stand-off' of sighting.stop must be a whole number of metres from 0 to 9007199254740991; it is -5"},
    {"an offset of two days", "{'kind':'zone.changed','at':'2024-10-06T17:20:00.000Z','by':'shell','offset':172800000}",
     ST_INVALID, "172800000",
     "the field 'offset' of zone.changed must be a whole number of milliseconds from -86400000 to 86400000; it is "
     "172800000"},
    /* names */
    {"a choice misspelt", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'tank'}",
     ST_INVALID, "'tank'",
     "the field 'class' of sighting.stop must be one of car, pickup, van, small-truck, large-truck; it is 'tank': "
     "did you mean 'van'?"},
    {"a choice like no other", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'submarine'}",
     ST_INVALID, "'submarine'",
     "the field 'class' of sighting.stop must be one of car, pickup, van, small-truck, large-truck; it is 'submarine'"},
    {"a choice with control characters",
     "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':'v\x7f\xc2\x85n'}",
     ST_INVALID, "'v\x7f\xc2\x85n'",
     "the field 'class' of sighting.stop must be one of car, pickup, van, small-truck, large-truck; it is 'v??n'"},
    {"a choice cut in the middle of a character",
     "{'kind':'movement.note'," A ",'m':'M','text':'t','s':'%39(x)\xc3\xa9'}",
     ST_INVALID, "'%39(x)\xc3\xa9'",
     "the field 's' of movement.note must be one of host, guest; it is 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'"},
    {"a choice of very many names", "{'kind':'paint.seen'," A ",'shade-of-the-roof-and-the-doors':'as-red-as-a-lamp'}",
     ST_INVALID, "'as-red-as-a-lamp'",
     "the field 'shade-of-the-roof-and-the-doors' of paint.seen must be one of as-white-as-the-snow-of-the-year, "
     "as-yellow-as-the-sun-at-noon, as-red-as-the-lamps-of-a-train, as-blue-as-the-sea-in-the-evening, "
     "as-green-as-the-fields-after-rain, ...; it is 'as-red-as-a-lamp'"},
    {"a kind of very many fields", "{'kind':'paint.seen'," A ",'shade':'as-black-as-the-night'}",
     ST_INVALID, "'shade'",
     "paint.seen has no field 'shade'; its fields are shade-of-the-roof-and-the-doors, "
     "shade-of-the-bonnet-and-the-boot, shade-of-the-wheels-and-the-frame, shade-of-the-glass-all-round, "
     "shade-of-the-seats-inside-it, ..."},
    {"a choice that is null", "{'kind':'sighting.stop'," A ",'v':'X','z':'outer-1','class':null}",
     ST_INVALID, "null",
     "the field 'class' of sighting.stop must be one of car, pickup, van, small-truck, large-truck; it is null"},
    {"a role misspelt", "{'kind':'appointment.made'," A ",'who':'Li','role':'guest.liason'}",
     ST_INVALID, "'guest.liason'",
     "the field 'role' of appointment.made must be one of host.commander, guest.liaison, post.leader; it is "
     "'guest.liason': did you mean 'guest.liaison'?"},
    {"a side misspelt", "{'kind':'movement.note'," A ",'m':'M','text':'t','s':'hots'}",
     ST_INVALID, "'hots'",
     "the field 's' of movement.note must be one of host, guest; it is 'hots': did you mean 'host'?"},
    {"yes-no in other words", "{'kind':'movement.note'," A ",'m':'M','text':'t','moving':'maybe'}",
     ST_INVALID, "'maybe'",
     "the field 'moving' of movement.note must be yes or no; it is 'maybe'"},
    {"yes-no as a number", "{'kind':'movement.note'," A ",'m':'M','text':'t','moving':1}",
     ST_INVALID, "1",
     "the field 'moving' of movement.note must be yes or no; it is 1"},
    {"a sun of another place", "{'kind':'sun.up','at':'2024-10-06T17:20:00.000Z','by':'shell','sun':'moonlight'}",
     ST_INVALID, "'moonlight'",
     "the field 'sun' of sun.up must be one of daylight; it is 'moonlight'"},
    /* strings */
    {"a thing that is a number", "{'kind':'sighting.left'," A ",'v':5}",
     ST_INVALID, "5",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; it is 5"},
    {"a thing that is an object", "{'kind':'sighting.left'," A ",'v':{'plate':'X'}}",
     ST_INVALID, "{",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; it is an object"},
    {"an empty thing", "{'kind':'sighting.left'," A ",'v':''}",
     ST_INVALID, "''",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; it is empty"},
    {"a thing of 257 bytes", "{'kind':'sighting.left'," A ",'v':'%257(x)'}",
     ST_INVALID, "'%257(x)'",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; it is too long, it has 257"},
    {"a thing with a blank before", "{'kind':'sighting.left'," A ",'v':' X'}",
     ST_INVALID, "' X'",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; leave out the blank at its "
     "beginning or end"},
    {"a thing with a blank behind", "{'kind':'sighting.left'," A ",'v':'X '}",
     ST_INVALID, "'X '",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; leave out the blank at its "
     "beginning or end"},
    {"a thing with a NUL", "{'kind':'sighting.left'," A ",'v':'X\\u0000'}",
     ST_INVALID, "'X\\u0000'",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; leave out its control character"},
    {"a thing with a line end", "{'kind':'sighting.left'," A ",'v':'X\\nY'}",
     ST_INVALID, "'X\\nY'",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; leave out its control character"},
    {"a thing with DEL", "{'kind':'sighting.left'," A ",'v':'X\x7f'}",
     ST_INVALID, "'X\x7f'",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; leave out its control character"},
    {"a thing with a C1 control", "{'kind':'sighting.left'," A ",'v':'X\xc2\x85'}",
     ST_INVALID, "'X\xc2\x85'",
     "the field 'v' of sighting.left must be a name of 1 to 256 bytes in quotes; leave out its control character"},
    {"a text of 4097 bytes", "{'kind':'movement.note'," A ",'m':'M','text':'%4097(x)'}",
     ST_INVALID, "'%4097(x)'",
     "the field 'text' of movement.note must be a text of 1 to 4096 bytes in quotes; it is too long, it has 4097"},
    {"a sender that is null", "{'kind':'sighting.left','at':'2024-10-06T17:20:00.000Z','by':null,'v':'X'}",
     ST_INVALID, "null",
     "the field 'by' of sighting.left must be a name of 1 to 256 bytes in quotes; it is null"},
    {"an empty sender", "{'kind':'sighting.left','at':'2024-10-06T17:20:00.000Z','by':'','v':'X'}",
     ST_INVALID, "''",
     "the field 'by' of sighting.left must be a name of 1 to 256 bytes in quotes; it is empty"},
    {"an empty id", "{'kind':'sighting.left'," A ",'v':'X','id':''}",
     ST_INVALID, "''",
     "the field 'id' of sighting.left must be a text of 1 to 128 bytes in quotes; it is empty"},
    {"an id of 129 bytes", "{'kind':'sighting.left'," A ",'v':'X','id':'%129(x)'}",
     ST_INVALID, "'%129(x)'",
     "the field 'id' of sighting.left must be a text of 1 to 128 bytes in quotes; it is too long, it has 129"},
    {"an id that is a number", "{'kind':'sighting.left'," A ",'v':'X','id':8812}",
     ST_INVALID, "8812",
     "the field 'id' of sighting.left must be a text of 1 to 128 bytes in quotes; it is 8812"},
    /* places */
    {"a place that is a string", "{'kind':'zone.drawn'," A ",'z':'Z','spot':'67.1,24.9'}",
     ST_INVALID, "'67.1,24.9'",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; it is '67.1,24.9'"},
    {"a place as an object", "{'kind':'zone.drawn'," A ",'z':'Z','spot':{'lat':24.9,'lon':67.1}}",
     ST_INVALID, "{",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; it is an object"},
    {"an empty place", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[]}",
     ST_INVALID, "]",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; longitude: a number of degrees stands "
     "here"},
    {"a place of one number", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[67.1]}",
     ST_INVALID, "]",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; latitude: a number of degrees stands "
     "here"},
    {"a place of three numbers", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[67.1,24.9,12]}",
     ST_INVALID, "12",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; two numbers make a place"},
    {"eight decimals", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[67.15520001,24.9]}",
     ST_INVALID, "1",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; longitude: degrees have at most 7 "
     "decimals (1 cm)"},
    {"an exponent in a place", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[6.71e1,24.9]}",
     ST_INVALID, "e",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; longitude: degrees are written like "
     "67.1552: digits, a point, digits"},
    {"east of the world", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[180.0000001,24.9]}",
     ST_INVALID, "180.0000001",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; longitude: degrees here go from -180 to "
     "180"},
    {"north of the world", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[67.1,90.0000001]}",
     ST_INVALID, "90.0000001",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; latitude: degrees here go from -90 to 90"},
    {"a place in a place", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[[67.1,24.9],2]}",
     ST_INVALID, "[",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; longitude: a number of degrees stands "
     "here"},
    {"a line of one place", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[1,2],'edge':[[1,2]]}",
     ST_INVALID, "]",
     "the field 'edge' of zone.drawn must be a list of 2 to 256 places like [[67.1552,24.9012],[67.1581,24.9034]]; "
     "there is one"},
    {"a line of none", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[1,2],'edge':[]}",
     ST_INVALID, "]",
     "the field 'edge' of zone.drawn must be a list of 2 to 256 places like [[67.1552,24.9012],[67.1581,24.9034]]; "
     "there is none"},
    {"a line that is a place", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[1,2],'edge':[1,2]}",
     ST_INVALID, "1",
     "the field 'edge' of zone.drawn must be a list of 2 to 256 places like [[67.1552,24.9012],[67.1581,24.9034]]; "
     "it is 1"},
    {"an area of 257 places", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[1,2],'ring':[%256([1,2],)[1,2]]}",
     ST_INVALID, "[",
     "the field 'ring' of zone.drawn must be a list of 2 to 256 places like [[67.1552,24.9012],[67.1581,24.9034]]; "
     "this is one more"},
    {"a line that is a string", "{'kind':'zone.drawn'," A ",'z':'Z','spot':[1,2],'edge':'1,2 3,4'}",
     ST_INVALID, "'1,2 3,4'",
     "the field 'edge' of zone.drawn must be a list of 2 to 256 places like [[67.1552,24.9012],[67.1581,24.9034]]; "
     "it is '1,2 3,4'"},
    /* commitments */
    {"a sealed place that is neither", "{'kind':'seal.all'," A ",'m':'M','spot':'seal:xyz'}",
     ST_INVALID, "'seal:xyz'",
     "the field 'spot' of seal.all must be a place like [67.1552,24.9012], or \"seal:\" and up to 64 hex digits; it "
     "is 'seal:xyz'"},
    {"a commitment of 65 digits", "{'kind':'seal.all'," A ",'m':'M','n':'seal:%65(a)'}",
     ST_INVALID, "'seal:%65(a)'",
     "the field 'n' of seal.all must be a whole number from 0 to 9007199254740991, or \"seal:\" and up to 64 hex "
     "digits; it is 'seal:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'"},
    {"a commitment where nothing is sealed", "{'kind':'zone.drawn'," A ",'z':'Z','spot':'seal:0a041b34'}",
     ST_INVALID, "'seal:0a041b34'",
     "the field 'spot' of zone.drawn must be a place like [67.1552,24.9012]; it is 'seal:0a041b34'"},
    {"a sealed choice misspelt", "{'kind':'seal.all'," A ",'m':'M','class':'cat'}",
     ST_INVALID, "'cat'",
     "the field 'class' of seal.all must be one of car, pickup, van, small-truck, large-truck, or \"seal:\" and up "
     "to 64 hex digits; it is 'cat': did you mean 'car'?"},
    /* theatre.opened */
    {"a fraction in theatre.opened", "{'kind':'theatre.opened'," A ",'quota':1.5}",
     ST_INVALID, "1.5",
     "in the field 'quota' of theatre.opened, a number is a whole one of at most 9007199254740991; put anything else "
     "in quotes"},
    {"an empty text in theatre.opened", "{'kind':'theatre.opened'," A ",'zone':''}",
     ST_INVALID, "''",
     "in the field 'zone' of theatre.opened, a text has 1 to 4096 bytes; it is empty"},
    {"a control character in theatre.opened", "{'kind':'theatre.opened'," A ",'zone':'U\\tC'}",
     ST_INVALID, "'U\\tC'",
     "in the field 'zone' of theatre.opened, a text has 1 to 4096 bytes; leave out its control character"},
    {"a long text in theatre.opened", "{'kind':'theatre.opened'," A ",'zone':'%4097(x)'}",
     ST_INVALID, "'%4097(x)'",
     "in the field 'zone' of theatre.opened, a text has 1 to 4096 bytes; it is too long"},
    {"a key twice in theatre.opened", "{'kind':'theatre.opened'," A ",'zone':'a','zone':'b'}",
     ST_INVALID, "'zone'",
     "the field 'zone' of theatre.opened stands twice; keep one"},
    {"a key twice further in", "{'kind':'theatre.opened'," A ",'texts':{'a':1,'b':2,'a':3}}",
     ST_INVALID, "'a'",
     "in the field 'texts' of theatre.opened, this key stands twice; keep one"},
    {"a control character in a key", "{'kind':'theatre.opened'," A ",'zo\x7fne':'UTC'}",
     ST_INVALID, "'zo\x7fne'",
     "in theatre.opened, a key has 1 to 256 bytes; leave out its control character"},
    {"an empty key further in", "{'kind':'theatre.opened'," A ",'texts':{'':1}}",
     ST_INVALID, "''",
     "in the field 'texts' of theatre.opened, a key has 1 to 256 bytes; it is empty"},
    {"an escape in a key further in", "{'kind':'theatre.opened'," A ",'texts':{'\\u0061':1}}",
     ST_INVALID, "'\\u0061'",
     "the keys of theatre.opened are written without a backslash"},
    {"nine levels", "{'kind':'theatre.opened'," A ",'caps':[[[[[[[[[]]]]]]]]]}",
     ST_INVALID, "[",
     "in the field 'caps' of theatre.opened, objects and lists are at most 8 levels deep"},
    {"appointments that are a list", "{'kind':'theatre.opened'," A ",'appointments':['Shah']}",
     ST_INVALID, "[",
     "the field 'appointments' of theatre.opened must be an object of roles like "
     "{\"host.commander\":\"Shah\",\"guest.liaison\":[\"Li\",\"Wu\"]}; it is a list"},
    {"an appointment that is a number", "{'kind':'theatre.opened'," A ",'appointments':{'host.commander':5}}",
     ST_INVALID, "5",
     "the field 'appointments' of theatre.opened must be an object of roles like "
     "{\"host.commander\":\"Shah\",\"guest.liaison\":[\"Li\",\"Wu\"]}; it is 5"},
    {"an appointment in a list in a list",
     "{'kind':'theatre.opened'," A ",'appointments':{'host.commander':[['Shah']]}}",
     ST_INVALID, "[",
     "the field 'appointments' of theatre.opened must be an object of roles like "
     "{\"host.commander\":\"Shah\",\"guest.liaison\":[\"Li\",\"Wu\"]}; it is a list"},
    {"an appointment of nobody", "{'kind':'theatre.opened'," A ",'appointments':{'host.commander':''}}",
     ST_INVALID, "''",
     "in the field 'appointments' of theatre.opened, a name has 1 to 256 bytes; it is empty"},
    {"a sender missing in theatre.opened", "{'kind':'theatre.opened','at':'2024-10-06T17:20:00.000Z'}",
     ST_INVALID, "}",
     "theatre.opened needs the field 'by': a name of 1 to 256 bytes in quotes"},
};

static void
test_case(const struct program *p, size_t i)
{
    static const struct event untouched = {.kind = 77};
    struct event e;
    struct str line = test_line(cases[i].line), where = test_line(cases[i].where), shown;
    bool said, right;

    memcpy(&e, &untouched, sizeof e);
    OK(test_read(p, line, &e) == cases[i].st && memcmp(&e, &untouched, sizeof e) == 0, "%s is refused", cases[i].what);
    said = strcmp(diag.text, cases[i].want) == 0;
    shown = str_cut(line, diag.pos, diag.len);
    right = str_eq(shown, where) && shown.len == diag.len;
    OK(said, "it says: %s", cases[i].want);
    OK(right, "and shows where");
    if (!said || !right)
        printf("# %u+%u '%.*s' %s\n", diag.pos, diag.len, STR_FMT(shown), diag.text);
}

/* A single quote cannot stand in the table. */
static void
test_quote(const struct program *p)
{
    struct event e;

    OK(test_read(p, STR("{'kind':1}"), &e) == ST_MALFORMED && diag.pos == 1 &&
           strcmp(diag.text, "a key in double quotes goes here") == 0,
       "single quotes are no quotes");
}

static void
test_keys(const struct program *p)
{
    char bytes[2048];
    struct buf b = buf_of(bytes, sizeof bytes);
    struct event e;

    put_s(&b, "{\"kind\":\"theatre.opened\",\"at\":\"2024-10-06T17:20:00.000Z\",\"by\":\"x\",\"caps\":{");
    for (unsigned i = 0; i < 65; i++) {
        put_s(&b, i > 0 ? ",\"k" : "\"k");
        put_u(&b, i);
        put_s(&b, "\":1");
    }
    put_s(&b, "}}");
    OK(test_read(p, buf_str(&b), &e) == ST_INVALID, "65 keys are refused");
    OK(strcmp(diag.text, "in the field 'caps' of theatre.opened, an object has at most 64 keys") == 0, "it says so");
}

/* Of the same events, every beginning that is not the whole is no JSON, and never more is read. */
static void
test_cut(const struct program *p)
{
    struct str whole = test_line("{'kind':'zone.drawn'," A ",'z':'Z','spot':[67.1,24.9],'edge':[[1,2],[3,4]]}");
    unsigned refused = 0;
    struct event e;

    for (size_t n = 0; n < whole.len; n++) {
        char *copy = malloc(n + 1);

        memcpy(copy, whole.ptr, n);
        refused += test_read(p, (struct str){copy, n}, &e) == ST_MALFORMED && diag.pos <= n;
        free(copy);
    }
    OK(refused == whole.len, "none of %zu beginnings of a line is taken", whole.len);
}

int
main(void)
{
    const struct program *p = test_program();

    OK(p != NULL, "the small agreement is read");
    for (size_t i = 0; p != NULL && i < sizeof cases / sizeof *cases; i++)
        test_case(p, i);
    if (p != NULL) {
        test_quote(p);
        test_keys(p);
        test_cut(p);
    }
    return tap_end();
}
