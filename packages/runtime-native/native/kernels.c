/* The kernels of one instruction set; compiled once for each, with -DINSTRUCTIONS=avx2, avx512 or neon. */
#include "kernels.h"
#include "records.h"

#if defined(__AVX512F__)
#include "vector/avx512.h"
#elif defined(__AVX2__)
#include "vector/avx2.h"
#else
#include "vector/neon.h"
#endif

#include "kernels/exponential.h"
#include "kernels/activation.h"
#include "kernels/pack.h"
#include "kernels/convolution.h"
#include "kernels/depthwise.h"
#include "kernels/pool.h"
#include "kernels/dense.h"

#define JOIN2_(a, b) a##b
#define JOIN2(a, b) JOIN2_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

static const named_kernel_t kernels[] = {
    {"convolution", convolution},
    {"depthwise", depthwise},
    {"windowPool", window_pool},
    {"sparseDense", sparse_dense},
    {"fullDense", full_dense},
};

const kernel_set_t JOIN2(kernels_, INSTRUCTIONS) = {TEXT(INSTRUCTIONS), WIDTH, kernels, sizeof kernels / sizeof *kernels};
