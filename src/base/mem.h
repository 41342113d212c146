#ifndef SVCPORT_MEM_H
#define SVCPORT_MEM_H

/*
 * Allocation that does not fail: without memory the process ends at once with a message
 * and the service manager starts it again; alarms and numbers come back from the state
 * directory.  A half-updated table would be worse.
 */

#include <stddef.h>
#include <stdio.h>

void *mem_calloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* As reallocarray(3); with count 0 it frees and returns NULL. */
void *mem_resize(void *old, size_t count, size_t size);
/* Gives the system back what was freed; worth its time after much was, as when files
 * were read. */
void mem_trim(void);
char *mem_strdup(const char *text) __attribute__((malloc, returns_nonnull));
char *mem_strndup(const char *text, size_t max)
    __attribute__((malloc, returns_nonnull));
char *mem_printf(const char *format, ...)
    __attribute__((format(printf, 1, 2), malloc, returns_nonnull));
/* A stream into memory, open_memstream(3).  After mem_stream_end() *text, of *size
 * octets and a NUL, is the caller's to free. */
FILE *mem_stream(char **text, size_t *size) __attribute__((returns_nonnull));
void mem_stream_end(FILE *stream);

#define mem_new(type)          ((type *)mem_calloc(1, sizeof(type)))
#define mem_array(type, count) ((type *)mem_calloc((count), sizeof(type)))

/* Makes room for one more element behind *count elements of *array: grows by doubling.
 */
#define mem_grow(array, count, cap)                                             \
	do {                                                                    \
		if ((count) >= (cap)) {                                         \
			(cap) = (cap) != 0 ? 2 * (cap) : 8;                     \
			(array) = mem_resize((array), (cap), sizeof(*(array))); \
		}                                                               \
	} while (0)

#endif
