#include "publish/rowtext.h"

#include <stdio.h>
#include <string.h>

#include "plan/plan.h"
#include "model/reason.h"
#include "publish/row.h"
#include "base/utf8.h"

#define WORTH_KEEPING 8 /* octets of a text that is cut */

/* What qualifies the expectation, for rows that are shown but judged otherwise. */
static const char *
qualifier(const struct check *c)
{
	if ((c->flags & CHECK_VERSION_OFF) != 0)
		return "not in the product's version here; ";
	if ((c->flags & CHECK_FEATURE_OFF) != 0)
		return "optional while its feature is not in use; ";
	if ((c->flags & CHECK_OUTSIDE) != 0)
		return "open to its documented sources only; ";
	return "";
}

/* The facts that only the row knows, beside the code's words. */
static void
facts(const struct plan *p, const struct check *c, const struct row *row, char *buf,
    size_t size)
{
	char name[PLAN_NAME_MAX];

	reason_text((enum reason)row->reason, row->error, buf, size);
	switch ((enum reason)row->reason) {
	case REASON_SATISFIED_BY:
	case REASON_SEE:
		if (row->other < p->nchecks)
			snprintf(buf + strlen(buf), size - strlen(buf), " %s",
			    plan_check_name(p, &p->checks[row->other], name));
		break;
	case REASON_PARTIAL:
		snprintf(buf, size, "%u of %u documented ports open", row->open_ports,
		    portset_size(&c->ports));
		break;
	default:
		break;
	}
}

const char *
rowtext_why(
    const struct plan *p, uint32_t check, const struct row *row, char *buf, size_t size)
{
	const struct check *c = &p->checks[check];
	char why[512];
	char late[64] = "";

	facts(p, c, row, why, sizeof(why));
	if ((row->flags & ROW_LATE) != 0)
		reason_text(REASON_LAGGING, 0, late, sizeof(late));
	snprintf(buf, size, "%s%s%s%s%s", qualifier(c), why,
	    (c->flags & CHECK_FOREIGN) != 0
		? "; seen from here, not from a documented source"
		: "",
	    late[0] != '\0' ? "; " : "", late);
	return buf;
}

/* Makes the text shorter by `over` octets or, when too little would be left of it, by
 * all of them; shows by "..." that something is missing.  Returns how many are gone. */
static size_t
shorten(char *text, size_t over)
{
	size_t len = strlen(text);
	size_t keep = len > over + 3 ? utf8_cut(text, len - over - 3) : 0;

	if (over == 0)
		return 0;
	if (keep < WORTH_KEEPING)
		text[0] = '\0';
	else
		strcpy(text + keep, "...");
	return len - strlen(text);
}

const char *
rowtext_reason(
    const struct plan *p, uint32_t check, const struct row *row, char *buf, size_t size)
{
	const struct check *c = &p->checks[check];
	const struct service *s = plan_service(p, c);
	char why[600];
	char title[256];
	char where[160];
	size_t len;
	size_t gone;

	rowtext_why(p, check, row, why, sizeof(why));
	snprintf(title, sizeof(title), "%s", p->cats[c->cat].cat->title);
	snprintf(where, sizeof(where), "%s, line %u", s->section, s->line);
	len = strlen(why) + strlen(" [, ]") + strlen(title) + strlen(where);
	if (len >= size) {
		gone = shorten(title, len - size + 1);
		len -= gone + (title[0] == '\0' ? 2 : 0);
	}
	if (len >= size)
		shorten(why, len - size + 1);
	snprintf(
	    buf, size, "%s [%s%s%s]", why, title, title[0] != '\0' ? ", " : "", where);
	return buf;
}
