/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"
#include "base/text.h"
#include "rng.h"
#include "tap.h"

static bool
is(struct hash h, const char *want)
{
    uint8_t bytes[32];

    return hex_read(str_of(want), bytes, 32) && memcmp(bytes, h.b, 32) == 0;
}

static struct hash
of_many(char c, size_t n)
{
    struct sha256 s;

    sha256_init(&s);
    for (size_t i = 0; i < n; i++)
        sha256_add(&s, &c, 1);
    return sha256_end(&s);
}

/* FIPS 180-4's examples (csrc.nist.gov, "SHA256.pdf"), and lengths round the padding's
 * edges from Python's hashlib. */
static void
test_vectors(void)
{
    static const struct {
        size_t n;
        const char *want;
    } many[] = {
        {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
        {63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
        {64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
        {65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
        {119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"},
        {120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"},
        {1000, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"},
        {1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };

    OK(is(sha256_of(STR("abc")),
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
       "abc");
    OK(is(sha256_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
       "two blocks");
    for (unsigned i = 0; i < sizeof many / sizeof *many; i++)
        OK(is(of_many('a', many[i].n), many[i].want), "%zu times a", many[i].n);
}

/* RFC 4231, section 4. */
static void
test_hmac(void)
{
    static char key[131], data[50];

    memset(key, 0x0b, 20);
    OK(is(hmac_sha256((struct str){key, 20}, STR("Hi There")),
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
       "RFC 4231 case 1");
    OK(is(hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?")),
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
       "case 2, a key shorter than the hash");
    memset(key, 0xaa, sizeof key);
    memset(data, 0xdd, sizeof data);
    OK(is(hmac_sha256((struct str){key, 20}, (struct str){data, 50}),
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
       "case 3");
    OK(is(hmac_sha256((struct str){key, 131},
                      STR("Test Using Larger Than Block-Size Key - Hash Key First")),
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
       "case 6, a key longer than a block");
    OK(is(hmac_sha256(
              (struct str){key, 131},
              STR("This is a test using a larger than block-size key and a larger than "
                  "block-size data. "
                  "The key needs to be hashed before being used by the HMAC algorithm.")),
          "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
       "case 7, and long data");
    for (unsigned i = 0; i < 25; i++)
        key[i] = (char)(i + 1);
    memset(data, 0xcd, sizeof data);
    OK(is(hmac_sha256((struct str){key, 25}, (struct str){data, 50}),
          "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
       "case 4");
    OK(is(hmac_sha256(STR(""), STR("")),
          "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
       "no key, no message");
}

/* However a message is cut, its hash is the same; and a copy of a context goes its own
 * way. */
static bool
cut_anyhow(uint64_t seed)
{
    static char message[1000];
    struct rng r = {seed};
    struct sha256 s, copy;
    struct hash whole;
    size_t len = (size_t)rng_below(&r, sizeof message);

    for (size_t i = 0; i < len; i++)
        message[i] = (char)rng_next(&r);
    whole = sha256_of((struct str){message, len});
    sha256_init(&s);
    for (size_t at = 0; at < len;) {
        size_t n = (size_t)rng_below(&r, 150);

        n = n < len - at ? n : len - at;
        sha256_add(&s, message + at, n);
        at += n;
    }
    copy = s;
    sha256_add(&copy, "more", 4);
    return hash_eq(sha256_end(&s), whole) && !hash_eq(sha256_end(&copy), whole);
}

int
main(void)
{
    test_vectors();
    test_hmac();
    for (uint64_t seed = 1; seed <= 50; seed++)
        OK(cut_anyhow(seed), "a message in pieces, seed %d", (int)seed);
    return tap_end();
}
