/* Whether what a record describes lies within the memory that it may use. */
#ifndef ESPALIER_CHECK_H
#define ESPALIER_CHECK_H

#include "memory.h"

/* Memory, and what of a command is not in its record. */
typedef struct {
  heap_t heap;
  address record;
  int32_t items;
  /* Bytes of scratch memory that every thread has. */
  uint32_t scratch;
  /* Floats of a vector of the instruction set. */
  int32_t width;
} command_t;

/*
 * What of a command reaches outside of its memory or cannot be, in words; NULL if all addresses, lengths and offsets
 * are sound, so that the kernel of this name can run without looking again.
 */
const char *fault_in(const char *kernel, command_t command);

#endif
