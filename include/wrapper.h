/* The only input of bindgen. */
#include <switch.h>
#include "shim.h"
