/* The slice of the FreeSWITCH module interface this module uses, in our own declarations, for machines without
 * FreeSWITCH headers. Values and layouts are those of the release named in build.rs; tests/abi_layout.rs compares
 * every one of them with the real headers. A module that is to be loaded is always built with the real ones. */
#ifndef CALLCENTER_ABI_SWITCH_H
#define CALLCENTER_ABI_SWITCH_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "words.h"
#include "shapes.h"
#include "calls.h"

#endif
