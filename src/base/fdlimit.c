#include "base/fdlimit.h"

#include <sys/resource.h>

uint32_t
fdlimit_raise(uint32_t want)
{
	struct rlimit was, now;

	if (getrlimit(RLIMIT_NOFILE, &was) != 0)
		return 0;
	now = was;
	if (now.rlim_cur < want)
		now.rlim_cur = want < now.rlim_max ? want : now.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &now) != 0)
		now = was;
	return now.rlim_cur < UINT32_MAX ? (uint32_t)now.rlim_cur : UINT32_MAX;
}
