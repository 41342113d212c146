#ifndef SVCPORT_KEYMAP_H
#define SVCPORT_KEYMAP_H

/* Texts -> bytes, in the order of strcmp(3).  Not thread-safe. */

#include <stddef.h>
#include <stdint.h>

struct keymap;

struct keymap *keymap_new(void);
void keymap_free(struct keymap *m);

/* Copies both. */
void keymap_set(struct keymap *m, const char *key, const void *value, size_t len);
void keymap_del(struct keymap *m, const char *key);
/* The value and its length, valid until the key changes; NULL when there is none. */
const uint8_t *keymap_get(const struct keymap *m, const char *key, size_t *len);
size_t keymap_count(const struct keymap *m);

typedef void keymap_each_cb(
    void *arg, const char *key, const uint8_t *value, size_t len);
/* `each` must not change the map. */
void keymap_each(const struct keymap *m, keymap_each_cb *each, void *arg);

#endif
