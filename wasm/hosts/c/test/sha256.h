/* SHA-256, for the hash over all records. */
#ifndef CONCORD_TEST_SHA256_H
#define CONCORD_TEST_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t state[8];
    uint64_t bytes;
    uint8_t block[64];
} sha256;

void sha256_begin(sha256 *of);
void sha256_add(sha256 *of, const void *data, size_t length);
void sha256_end(sha256 *of, char hex[65]);

#endif
