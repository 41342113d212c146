#ifndef SVCPORT_HANDLER_H
#define SVCPORT_HANDLER_H

/*
 * Where the library asks for values: one registration of the whole module, answered by
 * mibtab.h.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mibview;
struct settx;

/*
 * Registers the view's root in `context` ("" for the default one).  `view` must outlive
 * the library.  `before` is called once before the requests of a PDU are answered, to
 * bring the view's clock up to date.
 */
struct handler_config {
	const struct mibview *view;
	struct settx *set; /* NULL: every SET is answered notWritable */
	const char *context;
	void (*before)(void *arg);
	void *arg;
};
void handler_register(const struct handler_config *config);

#endif
