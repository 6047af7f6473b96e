/* What the kernels read and write: one linear memory, in which every address is an unsigned 32-bit offset. */
#ifndef ESPALIER_MEMORY_H
#define ESPALIER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Address in the heap of a plan; 0 where a record means "none". */
typedef uint32_t address;

/* The heap of a plan while a kernel runs. It may have moved between two calls, never within one. */
typedef struct {
  char *base;
  size_t length;
} heap_t;

/* Does the work items `begin` to `end` of what a record describes, like a kernel of packages/runtime/assembly. */
typedef void kernel_t(char *heap, address record, int32_t begin, int32_t end, address scratch);

static inline float load_float(const char *at) {
  float value;
  memcpy(&value, at, 4);
  return value;
}

static inline uint32_t load_word(const char *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return value;
}

static inline void store_float(char *at, float value) { memcpy(at, &value, 4); }

static inline int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

#endif
