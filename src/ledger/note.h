/* SPDX-License-Identifier: Apache-2.0 */
/* note.h -- signed notes and checkpoints: what the log says of itself, with signatures.
 *
 * Source: C2SP signed-note v1.0.0 and tlog-checkpoint, as of 2026 (commit 5ba5ee83). A
 * note is a text, an empty line, and a line for each signature:
 *
 *   example.com/log                                origin of the checkpoint
 *   20852163                                       entries in its tree
 *   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   the root, base64
 *
 *   U+2014 example.com/log Az3grlgtzPICa5OS...     base64 of key id (4 bytes), signature
 *
 * Signed is the text, up to and with its last line end. A key's name and id together say
 * whose signature a line is; other keys' lines are passed over.
 *
 * Here notes are read, held to their keys, and written. The signing and verifying itself
 * is the caller's function, so nothing here knows a curve. Strings that come out are
 * slices of what went in. Positions in a diag are bytes of what was given; `d` may be
 * NULL. Any bytes may be given to what reads. */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H
#include "base/put.h"
#include "base/sha256.h"

enum {
    NOTE_MAX = 1 << 20,   /* bytes of a note */
    NOTE_SIGNATURES = 64, /* in one note; the source asks for 16 at least */
    NOTE_KEYS = 32,       /* that note_verify() takes */
    NOTE_ED25519 = 0x01,  /* signature type: Ed25519 over the text */
    ED25519_KEY = 32,     /* bytes of a public key */
    ED25519_SIGNATURE = 64,
};

/* Notes */

struct note_signature {
    struct str name; /* of the key */
    uint32_t key_id;
    struct str base64; /* the id and the signature, read strictly already */
};

struct note {
    struct str text; /* with its last line end */
    unsigned count;
    struct note_signature signatures[NOTE_SIGNATURES]; /* as they come; none is verified */
};

/* Reads a note; what it says counts only after note_verify(). *ret is untouched on failure.
 *   ST_MALFORMED  not UTF-8; a control byte but the line end; no empty line; no signature
 *                 behind the last one; a line that is none; a name that is empty or has a
 *                 blank or a plus; base64 that is not as one writes it; a signature of no
 *                 bytes
 *   ST_LIMIT      more bytes or signatures than above */
CHECKED enum status note_read(struct str bytes, struct note *ret, struct diag *d);

/* Keys: "example.com/log+530d903a+AekyeRrm..." */

struct note_key {
    struct str name;
    uint32_t id;
    uint8_t bytes[ED25519_KEY];
};

/* The id that the source recommends for any type of key, and demands for Ed25519: the first
 * bytes of SHA-256(name, line end, type, key). */
uint32_t note_key_id(struct str name, uint8_t type, const void *key, size_t len);

/* Not empty, UTF-8, no blank of Unicode, no control byte, no plus? */
CHECKED bool note_name_valid(struct str name);

/* A key by its name, which must be valid. */
struct note_key note_key_of(struct str name, const uint8_t bytes[ED25519_KEY]);

/* Reads and puts a key as text. ST_MALFORMED when it is none, ST_INVALID when it is of
 * another type than Ed25519, or its id is not its own. */
CHECKED enum status note_key_read(struct str text, struct note_key *ret, struct diag *d);
void put_note_key(struct buf *b, const struct note_key *key);

/* Does the signature of the message hold under this key? os_sign_holds() is one. */
typedef bool ed25519_holds_fn(const uint8_t key[ED25519_KEY], struct str message,
                              const uint8_t signature[ED25519_SIGNATURE]);

/* Did any of these keys sign the note? Bit i of *ret_signed says that keys[i] did.
 *   ST_OK        one did at least, and no line of one of them is false
 *   ST_INVALID   none did, or a line in the name and id of one does not hold
 *   ST_CONFLICT  two of the keys have the same name and id
 *   ST_LIMIT     more than NOTE_KEYS */
CHECKED enum status note_verify(const struct note *n, const struct note_key *keys,
                                unsigned count, ed25519_holds_fn *holds,
                                uint32_t *ret_signed, struct diag *d);

/* Writing: the text with the empty line behind it, then a line for each signature, which
 * may also be put behind a note that has some (a witness does). The text must end its last
 * line and be UTF-8 without control bytes: ST_MALFORMED otherwise, and nothing is put.
 * Whether the buffer had room, b->full says. */
CHECKED enum status put_note(struct buf *b, struct str text);
void put_note_signature(struct buf *b, const struct note_key *key,
                        const uint8_t signature[ED25519_SIGNATURE]);

/* Checkpoints */

struct checkpoint {
    struct str origin;
    uint64_t size; /* entries */
    struct hash root;
    struct str extension; /* more lines, each with its end; mostly empty */
};

/* Reads the text of a note. Whether the root is that of so many entries is the caller's to
 * find out.
 *   ST_MALFORMED  fewer than three lines, an empty one, a last one that does not end; a
 *                 size with other than digits or with zeros in front; a root that is not
 *                 32 bytes in base64; not UTF-8, or control bytes
 *   ST_LIMIT      a size of 2^64 or more, or a text of more than NOTE_MAX */
CHECKED enum status checkpoint_read(struct str text, struct checkpoint *ret,
                                    struct diag *d);

/* Puts what checkpoint_read() takes. ST_MALFORMED, and nothing is put, when the origin is
 * no line or the extension is no lines. */
CHECKED enum status put_checkpoint(struct buf *b, const struct checkpoint *c);
#endif
