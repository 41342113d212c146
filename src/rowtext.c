#include "rowtext.h"

#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "reason.h"
#include "row.h"
#include "utf8.h"

/* What qualifies the expectation, for rows that are shown but judged otherwise. */
static const char *
qualifier(const struct check *c)
{
	if ((c->flags & CHECK_VERSION_OFF) != 0)
		return "not in the product's version here; ";
	if ((c->flags & CHECK_FEATURE_OFF) != 0)
		return "optional while its feature is not in use; ";
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

	facts(p, c, row, why, sizeof(why));
	snprintf(buf, size, "%s%s%s", qualifier(c), why,
	    (c->flags & CHECK_FOREIGN) != 0
		? "; seen from here, not from a documented source"
		: "");
	return buf;
}

const char *
rowtext_reason(
    const struct plan *p, uint32_t check, const struct row *row, char *buf, size_t size)
{
	const struct check *c = &p->checks[check];
	char why[600];
	char cited[700];
	char text[1400];
	size_t n;

	rowtext_why(p, check, row, why, sizeof(why));
	snprintf(text, sizeof(text), "%s [%s]", why,
	    plan_citation(p, c, cited, sizeof(cited)));
	n = utf8_cut(text, size - 1);
	memcpy(buf, text, n);
	buf[n] = '\0';
	return buf;
}
