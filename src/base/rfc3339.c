#include "base/rfc3339.h"

/* Reads exactly `digits` digits within low..high; moves *p behind them. */
static bool
number(const char **p, int digits, int low, int high, int *out)
{
	int n = 0;

	for (int i = 0; i < digits; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		n = n * 10 + (**p - '0');
	}
	*out = n;
	return n >= low && n <= high;
}

static bool
character(const char **p, char a, char b)
{
	if (**p != a && **p != b)
		return false;
	(*p)++;
	return true;
}

static bool
leap_year(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && leap_year(year));
}

/* Days since 1970-01-01 of a date in 1970 or later. */
static int64_t
days_since_epoch(int year, int month, int day)
{
	int64_t before = year - 1;
	int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;

	for (int m = 1; m < month; m++)
		days += month_days(year, m);
	return days + day - 1;
}

static bool
parse_date(const char **p, int64_t *days)
{
	int year, month, day;

	if (!number(p, 4, 1970, 9999, &year) || !character(p, '-', '-') ||
	    !number(p, 2, 1, 12, &month) || !character(p, '-', '-') ||
	    !number(p, 2, 1, month_days(year, month), &day))
		return false;
	*days = days_since_epoch(year, month, day);
	return true;
}

static bool
parse_time(const char **p, int64_t *ms)
{
	int hour, minute, second, digit;

	if (!number(p, 2, 0, 23, &hour) || !character(p, ':', ':') ||
	    !number(p, 2, 0, 59, &minute) || !character(p, ':', ':') ||
	    !number(p, 2, 0, 60, &second))
		return false;
	*ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000);
	if (!character(p, '.', '.'))
		return true;
	if (**p < '0' || **p > '9')
		return false;
	for (int64_t unit = 100; number(p, 1, 0, 9, &digit); unit /= 10)
		*ms += unit * digit;
	return true;
}

static bool
parse_offset(const char **p, int64_t *ms)
{
	int sign = **p == '-' ? -1 : 1;
	int hour, minute;

	*ms = 0;
	if (character(p, 'Z', 'z'))
		return true;
	if (!character(p, '+', '-') || !number(p, 2, 0, 23, &hour) ||
	    !character(p, ':', ':') || !number(p, 2, 0, 59, &minute))
		return false;
	*ms = sign * (hour * 60 + minute) * INT64_C(60000);
	return true;
}

bool
rfc3339_parse(const char *text, wall_t *out)
{
	int64_t days, ms, offset;

	if (!parse_date(&text, &days) || !character(&text, 'T', 't') ||
	    !parse_time(&text, &ms) || !parse_offset(&text, &offset) || *text != '\0')
		return false;
	ms += days * 86400000 - offset;
	if (ms < 0)
		return false;
	*out = ms;
	return true;
}
