/* The kernels of one instruction set. */
#ifndef ESPALIER_KERNELS_H
#define ESPALIER_KERNELS_H

#include "memory.h"

typedef struct {
  const char *name;
  kernel_t *run;
} named_kernel_t;

typedef struct {
  /* Name of the instruction set. */
  const char *name;
  /* Floats of a vector. */
  int32_t width;
  const named_kernel_t *kernels;
  size_t count;
} kernel_set_t;

#if defined(__x86_64__)
extern const kernel_set_t kernels_avx2, kernels_avx512;
#elif defined(__aarch64__)
extern const kernel_set_t kernels_neon;
#endif

#endif
