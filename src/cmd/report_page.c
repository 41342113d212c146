#include "cmd/report_page.h"

#include "publish/row.h"

void
report_page_put(const struct report_page *g, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", g->to);
			break;
		case '>':
			fputs("&gt;", g->to);
			break;
		case '&':
			fputs("&amp;", g->to);
			break;
		case '"':
			fputs("&quot;", g->to);
			break;
		default:
			putc((unsigned char)*text < 0x20 ? ' ' : *text, g->to);
		}
	}
}

enum verdict
report_page_verdict(const struct report_page *g, uint32_t check)
{
	return (enum verdict)g->row(g->arg, check)->verdict;
}
