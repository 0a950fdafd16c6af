/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/note.h"

#include <inttypes.h>
#include "base/json.h"
#include "base/text.h"
#include "ledger/base64.h"
#include "ledger/bundle.h"
#include "ledger/tile.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/sign.h"
#include "rng.h"
#include "tap.h"

#define DASH "\xe2\x80\x94 "
#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" /* of no entries: SHA-256 of nothing */

/* The keys of TEST 1 and 2 of RFC 8032, as keys of a log and of a witness, and what they
 * sign, by Python and the library "cryptography". */
static const char log_seed[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
static const char log_key[] =
    "example.com/log+cc714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
static const char witness_key[] =
    "example.com/witness+292a8150+AT1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM";
#define TEXT "example.com/log\n0\n" ROOT "\n"
#define BY_LOG \
    DASH "example.com/log zHFGcKUsF3xdyl89g8LJgnpk3tAHPSnj4MvMGKumlPFllRFoOppeiTmAjA" \
         "/qMBjUekD6LHO41IOlvJ2iE0RTbMnjyg0=\n"
#define BY_WITNESS \
    DASH "example.com/witness KSqBUBmQS88Af4j155TgGg0U+EC67S6H5Jsv1eB" \
         "/rwE0Pq+bifNqMTblmkeuTRmeJbeXOkLbsPSdL8hLfpWi8pqR+wo=\n"

static struct note_key
key_of(const char *text)
{
    struct note_key k = {0};
    struct diag d = {0};

    OK(note_key_read(str_of(text), &k, &d) == ST_OK, "reads the key %s%s", text, d.text);
    return k;
}

static bool
signed_by(struct str bytes, struct note_key key)
{
    static struct note n;
    uint32_t who = 0;

    return note_read(bytes, &n, NULL) == ST_OK &&
           note_verify(&n, &key, 1, os_sign_holds, &who, NULL) == ST_OK && who == 1;
}

/* Base64 */

static void
test_base64(void)
{
    static const struct {
        const char *bytes, *text;
    } rfc[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}}; /* RFC 4648, 10 */
    static const char *const wrong[] = {
        "Z", "Zg", "Zg=", "Zg===", "Zg==\n", " Zg==", "Zg= =", "Z===", "====", "=", "==", "=g==",
        "Zh==", "Zi==", "Zm9=", "Zm-v", "Zm_v", "Zm9vYg", "Zm9vYg=", "Zg==Zg==", "Zm8=Zm9v",
        "Zm9v=", "Zm9v====", "Zm\nv", "Zm9\xc3", "A===", "AAAAA===",
    };
    struct rng r = {17};
    bool ok = true, spelled = true;

    for (unsigned i = 0; i < sizeof rfc / sizeof *rfc; i++) {
        char text[16];
        struct buf b = buf_of(text, sizeof text);
        uint8_t bytes[6];
        size_t len;

        put_base64(&b, rfc[i].bytes, strlen(rfc[i].bytes));
        OK(str_eq(buf_str(&b), str_of(rfc[i].text)), "%u bytes as base64", i);
        OK(base64_read(str_of(rfc[i].text), bytes, 6, &len) && len == strlen(rfc[i].bytes) &&
               memcmp(bytes, rfc[i].bytes, len) == 0,
           "and back");
    }
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t bytes[32];
        size_t len = 42;

        OK(!base64_read(str_of(wrong[i]), bytes, 32, &len) && len == 42, "no base64: %u", i);
    }
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[40], again[40];
        char text[60];
        struct buf b = buf_of(text, sizeof text);
        size_t n = rng_below(&r, 40), len, at;

        for (size_t k = 0; k < n; k++)
            bytes[k] = (uint8_t)rng_next(&r);
        put_base64(&b, bytes, n);
        ok = ok && !b.full && base64_read(buf_str(&b), again, n, &len) && len == n &&
             memcmp(bytes, again, n) == 0;
        ok = ok && base64_read(buf_str(&b), NULL, n, &len) && len == n;
        if (n == 0)
            continue;
        ok = ok && !base64_read(buf_str(&b), again, n - 1, &len);
        at = rng_below(&r, b.len); /* bytes have one spelling */
        text[at] = (char)(text[at] ^ (1 + rng_below(&r, 255)));
        spelled = spelled && (!base64_read(buf_str(&b), again, 40, &len) || len != n ||
                              memcmp(bytes, again, n) != 0);
    }
    OK(ok, "any bytes, there and back, seed 17");
    OK(spelled, "bytes have one spelling, seed 17");
}

/* Keys */

static void
test_keys(void)
{
    static const struct {
        const char *text;
        enum status st;
    } wrong[] = {
        {"", ST_MALFORMED},
        {"example.com/log", ST_MALFORMED},
        {"example.com/log+cc714670", ST_MALFORMED},
        {"+cc714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_MALFORMED},
        {"example.com/log+CC714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_MALFORMED},
        {"example.com/log+c714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_MALFORMED},
        {"example.com/log+0cc714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_MALFORMED},
        {"example com/log+cc714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_MALFORMED},
        {"example.com/log+cc714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\n", ST_MALFORMED},
        {"example.com/log+cc714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1E=", ST_MALFORMED},
        {"example.com/log+cc714670+", ST_MALFORMED},
        {"example.com/log+cc714671+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_INVALID},
        {"example.com/lag+cc714670+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_INVALID},
        {"example.com/log+cc714670+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", ST_INVALID},
    };
    static const char *const names[] = {"", " ", "a b", "a+b", "+", "a\n", "a\t", "\xc2\xa0", "a\xe2\x80\x83z",
                                        "a\xe3\x80\x80", "\xe1\x9a\x80x", "a\xe2\x80\xa8", "a\xc2\x85", "a\xff"};
    struct note_key k = {.id = 42};
    struct diag d;

    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
        OK(note_key_read(str_of(wrong[i].text), &k, &d) == wrong[i].st && k.id == 42 && d.text[0] != '\0',
           "no key, %u: %s", i, d.text);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        OK(!note_name_valid(str_of(names[i])), "no name: %u", i);
    OK(note_name_valid(STR("a")) && note_name_valid(STR("oid/1.2.3")) && note_name_valid(STR("\xe2\x80\x8b")) &&
           note_name_valid(STR("\xd9\x84\xd9\x88\xda\xaf")),
       "names");
    for (unsigned i = 0; i < 2; i++) {
        char text[200];
        struct buf b = buf_of(text, sizeof text);

        k = key_of(i == 0 ? log_key : witness_key);
        put_note_key(&b, &k);
        OK(str_eq(buf_str(&b), str_of(i == 0 ? log_key : witness_key)), "and puts it again");
        OK(k.id == note_key_id(k.name, NOTE_ED25519, k.bytes, ED25519_KEY), "its id");
    }
}

/* Notes */

static void
test_known(void)
{
    /* The example of signed-note. */
    static const char key[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    static const char note[] =
        "This is an example message.\n\n" DASH
        "example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mF"
        "XmRKuwHjG1Yu72IneyaQM=\n";
    struct note_key keys[2] = {key_of(log_key), key_of(witness_key)};
    static struct note n;
    struct checkpoint c;
    uint32_t who;

    OK(signed_by(str_of(note), key_of(key)), "the example of signed-note");
    OK(!signed_by(str_of(note), keys[0]), "and another key did not sign it");
    OK(note_read(STR(TEXT "\n" BY_LOG BY_WITNESS), &n, NULL) == ST_OK && n.count == 2 &&
           str_eq(n.text, STR(TEXT)) && str_eq(n.signatures[0].name, STR("example.com/log")) &&
           n.signatures[0].key_id == 0xcc714670 && n.signatures[1].key_id == 0x292a8150,
       "a checkpoint with two signatures");
    OK(note_verify(&n, keys, 2, os_sign_holds, &who, NULL) == ST_OK && who == 3, "both hold");
    OK(note_verify(&n, keys + 1, 1, os_sign_holds, &who, NULL) == ST_OK && who == 1,
       "one key is known: the other line is passed over");
    OK(checkpoint_read(n.text, &c, NULL) == ST_OK && str_eq(c.origin, STR("example.com/log")) &&
           c.size == 0 && c.extension.len == 0 && hash_eq(c.root, sha256_of(STR(""))),
       "what it says");
    OK(note_read(STR("a\n\n\n\nb\n\n" DASH "x\n\n" BY_LOG), &n, NULL) == ST_OK &&
           str_eq(n.text, STR("a\n\n\n\nb\n\n" DASH "x\n")) && n.count == 1,
       "the last empty line parts text and signatures");
    OK(note_read(STR("\n\n" BY_LOG), &n, NULL) == ST_OK && str_eq(n.text, STR("\n")), "a text of one empty line");
}

static bool
all_hold(const uint8_t *key, struct str message, const uint8_t *signature)
{
    (void)key, (void)message, (void)signature;
    return true;
}

/* The same bytes as another program puts and signs. */
static void
test_written(void)
{
    uint8_t secret[SIGN_SEED], sig[SIGN_BYTES];
    struct checkpoint c = {.origin = STR("example.com/log"), .root = sha256_of(STR(""))};
    char text[200], bytes[400];
    struct buf t = buf_of(text, sizeof text), b = buf_of(bytes, sizeof bytes);
    struct note_key key;
    struct sign_key k;

    OK(hex_read(str_of(log_seed), secret, sizeof secret) && put_checkpoint(&t, &c) == ST_OK &&
           str_eq(buf_str(&t), STR(TEXT)),
       "the checkpoint of an empty log");
    os_sign_key(secret, &k);
    key = note_key_of(STR("example.com/log"), k.public_key);
    os_sign(&k, buf_str(&t), sig);
    OK(put_note(&b, buf_str(&t)) == ST_OK, "becomes a note");
    put_note_signature(&b, &key, sig);
    OK(!b.full && str_eq(buf_str(&b), STR(TEXT "\n" BY_LOG)), "and is signed");
}

static void
test_verify(void)
{
    struct note_key keys[NOTE_KEYS + 1] = {key_of(log_key), key_of(witness_key)};
    uint32_t who = 42;
    static struct note n;
    struct diag d;

    OK(note_read(STR(TEXT "\n" BY_LOG BY_LOG), &n, NULL) == ST_OK &&
           note_verify(&n, keys, 2, os_sign_holds, &who, NULL) == ST_OK && who == 1,
       "a signature twice counts once");
    who = 42;
    OK(note_verify(&n, keys + 1, 1, os_sign_holds, &who, &d) == ST_INVALID, "nobody known: %s", d.text);
    OK(note_verify(&n, keys, 0, os_sign_holds, &who, &d) == ST_INVALID, "no keys at all");
    keys[2] = keys[0];
    keys[2].bytes[0] ^= 1;
    OK(note_verify(&n, keys, 3, os_sign_holds, &who, &d) == ST_CONFLICT, "two alike: %s", d.text);
    OK(note_verify(&n, keys, NOTE_KEYS + 1, os_sign_holds, &who, &d) == ST_LIMIT, "too many: %s", d.text);
    OK(note_read(STR("x" TEXT "\n" BY_LOG), &n, NULL) == ST_OK &&
           note_verify(&n, keys, 2, os_sign_holds, &who, &d) == ST_INVALID && d.pos == sizeof TEXT + 5,
       "of another text, told at its name: %s", d.text);
    OK(note_read(STR(TEXT "\n" BY_WITNESS DASH "example.com/log zHFGcAA=\n"), &n, NULL) == ST_OK &&
           note_verify(&n, keys, 2, os_sign_holds, &who, &d) == ST_INVALID,
       "one that does not hold spoils the one that does: %s", d.text);
    OK(note_read(STR(TEXT "\n" BY_LOG DASH "example.com/log zHFGcQA=\n" DASH "other zHFGcAA=\n"), &n, NULL) == ST_OK &&
           note_verify(&n, keys, 2, os_sign_holds, &who, &d) == ST_OK && who == 1,
       "its name or its id alone is another key's");
    OK(note_read(STR(TEXT "\n" DASH "example.com/log zHFGcAA=\n"), &n, NULL) == ST_OK &&
           note_verify(&n, keys, 1, all_hold, &who, &d) == ST_INVALID,
       "a signature of one byte is not asked about");
    who = 42;
    OK(note_verify(&n, keys + 1, 1, os_sign_holds, &who, NULL) == ST_INVALID && who == 42, "ret stays as it was");
}

static void
test_refused(void)
{
    static const struct {
        const char *what, *note;
    } wrong[] = {
        {"nothing", ""},
        {"a line end", "\n"},
        {"two", "\n\n"},
        {"no empty line", "text\n" BY_LOG},
        {"no text", "\n" BY_LOG},
        {"no signature", "text\n\n"},
        {"an empty line behind the signature", "text\n\n" BY_LOG "\n"},
        {"a last line that does not end", "text\n\n" DASH "log zHFGcAA="},
        {"a tab in the text", "te\txt\n\n" BY_LOG},
        {"a carriage return", "text\r\n\n" BY_LOG},
        {"no UTF-8 in the text", "te\xc3xt\n\n" BY_LOG},
        {"no UTF-8 in a name", "text\n\n" DASH "l\xffg zHFGcAA=\n"},
        {"a surrogate", "te\xed\xa0\x80xt\n\n" BY_LOG},
        {"a hyphen for the dash", "text\n\n- log zHFGcAA=\n"},
        {"an en dash", "text\n\n\xe2\x80\x93 log zHFGcAA=\n"},
        {"no blank behind the dash", "text\n\n\xe2\x80\x94log zHFGcAA=\n"},
        {"two blanks behind the dash", "text\n\n" DASH " log zHFGcAA=\n"},
        {"two blanks behind the name", "text\n\n" DASH "log  zHFGcAA=\n"},
        {"no name", "text\n\n" DASH "zHFGcAA=\n"},
        {"a name of two words", "text\n\n" DASH "Bad Name zHFGcAA=\n"},
        {"a name with a blank of Unicode", "text\n\n" DASH "Bad\xe2\x80\x83Name zHFGcAA=\n"},
        {"a name with a plus", "text\n\n" DASH "lo+g zHFGcAA=\n"},
        {"no base64", "text\n\n" DASH "log \n"},
        {"base64 without padding", "text\n\n" DASH "log zHFGcAA\n"},
        {"base64 with a blank behind", "text\n\n" DASH "log zHFGcAA= \n"},
        {"base64 with bits behind", "text\n\n" DASH "log zHFGcAB=\n"},
        {"base64 for web addresses", "text\n\n" DASH "log zHFG-AA=\n"},
        {"a key id only", "text\n\n" DASH "log zHFGcA==\n"},
        {"less than a key id", "text\n\n" DASH "log zHFG\n"},
        {"one good line and one bad", "text\n\n" BY_LOG "log zHFGcAA=\n"},
    };
    static struct note n;
    static char many[NOTE_MAX + 16];
    struct buf b = buf_of(many, sizeof many);
    struct diag d;

    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        n.count = 42;
        OK(note_read(str_of(wrong[i].note), &n, &d) == ST_MALFORMED && n.count == 42 && d.text[0] != '\0',
           "%s: %s", wrong[i].what, d.text);
    }
    OK(note_read(STR("te\0xt\n\n" BY_LOG), &n, &d) == ST_MALFORMED, "a NUL");
    put_s(&b, "text\n\n");
    for (unsigned i = 0; i < NOTE_SIGNATURES; i++)
        put_s(&b, BY_LOG);
    OK(note_read(buf_str(&b), &n, &d) == ST_OK && n.count == NOTE_SIGNATURES, "64 signatures");
    put_s(&b, BY_LOG);
    OK(note_read(buf_str(&b), &n, &d) == ST_LIMIT, "65: %s", d.text);
    b = buf_of(many, NOTE_MAX);
    while (b.len < NOTE_MAX - sizeof BY_LOG - 1)
        put_c(&b, 'x');
    put_s(&b, "\n\n" BY_LOG);
    OK(!b.full && b.len == NOTE_MAX && note_read(buf_str(&b), &n, &d) == ST_OK, "a note of 1 MB");
    many[NOTE_MAX] = '\n';
    OK(note_read((struct str){many, NOTE_MAX + 1}, &n, &d) == ST_LIMIT, "and a byte: %s", d.text);
}

/* Checkpoints */

static void
test_checkpoints(void)
{
    static const struct {
        const char *what, *text;
        enum status st;
    } wrong[] = {
        {"nothing", "", ST_MALFORMED},
        {"an origin", "log\n", ST_MALFORMED},
        {"no root", "log\n1\n", ST_MALFORMED},
        {"an empty origin", "\n1\n" ROOT "\n", ST_MALFORMED},
        {"no line end", "log\n1\n" ROOT, ST_MALFORMED},
        {"an empty size", "log\n\n" ROOT "\n", ST_MALFORMED},
        {"an empty root", "log\n1\n\n", ST_MALFORMED},
        {"a zero in front", "log\n01\n" ROOT "\n", ST_MALFORMED},
        {"two zeros", "log\n00\n" ROOT "\n", ST_MALFORMED},
        {"a sign", "log\n+1\n" ROOT "\n", ST_MALFORMED},
        {"below zero", "log\n-1\n" ROOT "\n", ST_MALFORMED},
        {"hex", "log\n0x1\n" ROOT "\n", ST_MALFORMED},
        {"a blank in front", "log\n 1\n" ROOT "\n", ST_MALFORMED},
        {"a blank behind", "log\n1 \n" ROOT "\n", ST_MALFORMED},
        {"2^64", "log\n18446744073709551616\n" ROOT "\n", ST_LIMIT},
        {"far more", "log\n99999999999999999999999\n" ROOT "\n", ST_LIMIT},
        {"a root of 31 bytes", "log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==\n", ST_MALFORMED},
        {"a root of 33", "log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA\n", ST_MALFORMED},
        {"a root with bits behind", "log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", ST_MALFORMED},
        {"a root and a blank", "log\n1\n" ROOT " \n", ST_MALFORMED},
        {"an empty extension", "log\n1\n" ROOT "\n\n", ST_MALFORMED},
        {"an empty line between extensions", "log\n1\n" ROOT "\na\n\nb\n", ST_MALFORMED},
        {"an extension that does not end", "log\n1\n" ROOT "\na", ST_MALFORMED},
        {"a control byte", "lo\tg\n1\n" ROOT "\n", ST_MALFORMED},
        {"no UTF-8", "lo\xffg\n1\n" ROOT "\n", ST_MALFORMED},
    };
    struct checkpoint c = {.size = 42};
    struct diag d;
    char text[200];
    struct buf b = buf_of(text, sizeof text);

    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
        OK(checkpoint_read(str_of(wrong[i].text), &c, &d) == wrong[i].st && c.size == 42 && d.text[0] != '\0',
           "%s: %s", wrong[i].what, d.text);
    OK(checkpoint_read(STR("a log + more\n18446744073709551615\n" ROOT "\nx\ny z\n"), &c, &d) == ST_OK &&
           c.size == UINT64_MAX && str_eq(c.origin, STR("a log + more")) && str_eq(c.extension, STR("x\ny z\n")),
       "2^64 - 1, and extensions");
    c.extension = STR("x\n\n");
    OK(put_checkpoint(&b, &c) == ST_MALFORMED, "an empty extension is not put");
    c.extension = STR("x");
    OK(put_checkpoint(&b, &c) == ST_MALFORMED, "one that does not end is not");
    c.extension = STR("");
    c.origin = STR("a\nb");
    OK(put_checkpoint(&b, &c) == ST_MALFORMED, "an origin of two lines is not");
    c.origin = STR("");
    OK(put_checkpoint(&b, &c) == ST_MALFORMED && b.len == 0, "an empty one is not");
    OK(put_note(&b, STR("no end")) == ST_MALFORMED && put_note(&b, STR("")) == ST_MALFORMED &&
           put_note(&b, STR("a\tb\n")) == ST_MALFORMED && b.len == 0,
       "nor is a text that is none");
}

/* What is put is read as it was, and holds. */
static void
test_round_trip(uint64_t seed)
{
    static const char *const words[] = {"a", "example.com/log", "\xd9\x84\xd9\x88\xda\xaf",
                                        "a b + c", "0", "\xe2\x80\x94"};
    static const char *const more[] = {"", "x\n", "x\n\xe2\x80\x94 y z\n"};
    struct rng r = {seed};
    bool ok = true, holds = true;

    for (int i = 0; i < 200; i++) {
        struct checkpoint c = {str_of(words[rng_below(&r, 6)]), rng_next(&r) >> rng_below(&r, 64),
                               {{0}}, str_of(more[rng_below(&r, 3)])}, again;
        char text[400], bytes[1000];
        struct buf t = buf_of(text, sizeof text), b = buf_of(bytes, sizeof bytes);
        struct note_key keys[3];
        unsigned count = 1 + (unsigned)rng_below(&r, 3);
        static struct note n;
        uint32_t who;

        for (unsigned k = 0; k < 32; k++)
            c.root.b[k] = (uint8_t)rng_next(&r);
        ok = ok && put_checkpoint(&t, &c) == ST_OK && put_note(&b, buf_str(&t)) == ST_OK;
        for (unsigned k = 0; k < count; k++) {
            uint8_t secret[SIGN_SEED], sig[SIGN_BYTES];
            struct sign_key sk;

            for (unsigned j = 0; j < SIGN_SEED; j++)
                secret[j] = (uint8_t)rng_next(&r);
            os_sign_key(secret, &sk);
            keys[k] = note_key_of(STR("witness"), sk.public_key);
            os_sign(&sk, buf_str(&t), sig);
            put_note_signature(&b, &keys[k], sig);
        }
        ok = ok && !b.full && !t.full && note_read(buf_str(&b), &n, NULL) == ST_OK &&
             str_eq(n.text, buf_str(&t)) && n.count == count &&
             checkpoint_read(n.text, &again, NULL) == ST_OK && str_eq(again.origin, c.origin) &&
             again.size == c.size && hash_eq(again.root, c.root) && str_eq(again.extension, c.extension);
        holds = holds && note_verify(&n, keys, count, os_sign_holds, &who, NULL) == ST_OK &&
                who == (1u << count) - 1;
    }
    OK(ok, "read as it was put, seed %" PRIu64, seed);
    OK(holds, "and every signature holds, seed %" PRIu64, seed);
}

/* Nothing can be done to one byte of a signed note so that it still holds. */
static void
test_mutations(void)
{
    static const char note[] = TEXT "\n" BY_LOG;
    enum { LEN = sizeof note - 1 };
    struct note_key key = key_of(log_key);
    unsigned held = 0, read = 0, all = 0;
    char other[LEN + 1];
    static struct note n;

    OK(signed_by(str_of(note), key), "the note itself holds");
    for (unsigned at = 0; at < LEN; at++) {
        memcpy(other, note, LEN);
        for (unsigned c = 1; c < 256; c++, all++) {
            other[at] = (char)(note[at] ^ (int)c);
            read += note_read((struct str){other, LEN}, &n, NULL) == ST_OK;
            held += signed_by((struct str){other, LEN}, key);
        }
        memmove(other + at, note + at + 1, LEN - at - 1);
        held += signed_by((struct str){other, LEN - 1}, key);
        held += signed_by((struct str){note, at}, key); /* cut */
    }
    OK(held == 0, "%u notes of one other byte, %u of them readable: none holds", all, read);
    for (unsigned at = 0; at <= LEN; at++) {
        static const char more[] = "\n a+=0\xe2";

        memcpy(other, note, at);
        memcpy(other + at + 1, note + at, LEN - at);
        for (unsigned i = 0; i < sizeof more; i++) {
            other[at] = more[i];
            held += signed_by((struct str){other, LEN + 1}, key);
        }
    }
    OK(held == 0, "nor one of a byte more or less");
}

/* Others' logs and notes, when they lie beside the checkout. */

static struct str
shared_read(struct arena *a, const char *name, uint64_t number)
{
    const char *shared = getenv("ENTENTE_SHARED");
    struct str text = {NULL, 0};
    char path[512];
    struct buf b = buf_of(path, sizeof path);

    put_s(&b, shared == NULL ? "." : shared);
    put_s(&b, "/data/tlog/");
    put_s(&b, name);
    if (number != UINT64_MAX)
        put_u(&b, number);
    return os_file_read(a, put_end(&b), 1 << 20, &text, NULL) == ST_OK ? text : (struct str){NULL, 0};
}

/* A log that another program wrote, at each of its sizes: checkpoint, bundle and tile. */
static bool
others_log(struct arena *a, uint64_t size)
{
    struct str checkpoint = shared_read(a, "tessera-log/checkpoint.", size);
    struct str bundle = shared_read(a, "tessera-log/tile/entries/000.p/", size);
    struct str tile = shared_read(a, "tessera-log/tile/0/000.p/", size), entry;
    struct bundle_reader r = {.in = bundle};
    struct checkpoint c;
    static struct note n;
    static struct edge e;
    const struct hash *hashes;
    struct tile t;

    edge_init(&e);
    while (bundle_next(&r, &entry))
        edge_append(&e, leaf_hash(entry));
    hashes = edge_tile(&e, 0, &t);
    return note_read(checkpoint, &n, NULL) == ST_OK && checkpoint_read(n.text, &c, NULL) == ST_OK &&
           c.size == size && hash_eq(c.root, tree_root(&e.tree)) && bundle_complete(bundle, (unsigned)size) &&
           bundle_recover(bundle).count == size && t.width == size && hashes != NULL &&
           tile.len == 32 * size && memcmp(tile.ptr, hashes, tile.len) == 0;
}

/* Texts of tests for notes, a line of JSON each: keys and notes among them. */
static void
others_notes(struct arena *a, struct str lines, unsigned *ret_keys, unsigned *ret_signed)
{
    static struct note_key keys[NOTE_KEYS];
    static struct note n;
    static char room[1 << 16];

    *ret_keys = *ret_signed = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t at = 0; at < lines.len;) {
            const char *end = memchr(lines.ptr + at, '\n', lines.len - at);
            size_t len = end == NULL ? lines.len - at : (size_t)(end - lines.ptr) - at;
            struct buf b = buf_of(room, sizeof room);
            struct json_token t;
            struct json j;
            struct str text = {NULL, 0};
            uint32_t who;

            json_init(&j, str_cut(lines, at, len), NULL);
            while ((t = json_next(&j)).type != JSON_END && t.type != JSON_BAD)
                if (t.type == JSON_STRING)
                    text = arena_str(a, json_text(t, &b)); /* the last is the text */
            at += len + 1;
            if (pass == 0 && *ret_keys < NOTE_KEYS && note_key_read(text, &keys[*ret_keys], NULL) == ST_OK) {
                bool there = false;

                for (unsigned i = 0; i < *ret_keys; i++)
                    there = there || str_eq(keys[i].name, keys[*ret_keys].name);
                *ret_keys += !there;
            }
            if (pass == 1 && note_read(text, &n, NULL) == ST_OK)
                *ret_signed += note_verify(&n, keys, *ret_keys, os_sign_holds, &who, NULL) == ST_OK;
        }
    }
}

static void
test_others(void)
{
    unsigned good = 0, keys, notes;
    struct str lines;
    struct arena a;

    if (os_arena_init(&a, 1 << 24, NULL) != ST_OK)
        return;
    if (shared_read(&a, "tessera-log/checkpoint", UINT64_MAX).len == 0) {
        tap_skip("a log of another program", "it is not beside this checkout");
    } else {
        for (uint64_t size = 1; size <= 15; size++)
            good += others_log(&a, size);
        OK(good == 15, "a log of another program, %u of its 15 sizes", good);
    }
    lines = shared_read(&a, "golang-mod/sumdb_note_note_test.literals.jsonl", UINT64_MAX);
    if (lines.len == 0) {
        tap_skip("notes of another program", "they are not beside this checkout");
    } else {
        others_notes(&a, lines, &keys, &notes);
        OK(keys == 2 && notes == 1, "%u keys of another program, %u notes by them", keys, notes);
    }
    os_arena_free(&a);
}

int
main(void)
{
    OK(os_sign_init(NULL) == ST_OK, "begins");
    test_base64();
    test_keys();
    test_known();
    test_written();
    test_verify();
    test_refused();
    test_checkpoints();
    for (uint64_t seed = 1; seed <= 3; seed++)
        test_round_trip(seed);
    test_mutations();
    test_others();
    return tap_end();
}
