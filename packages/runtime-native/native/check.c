#include "check.h"

#include "records.h"

#include "check/reach.h"
#include "check/convolution.h"
#include "check/window.h"
#include "check/dense.h"

const char *fault_in(const char *kernel, command_t command) {
  if (strcmp(kernel, "convolution") == 0) return fault_in_convolution(command);
  if (strcmp(kernel, "depthwise") == 0) return fault_in_depthwise(command);
  if (strcmp(kernel, "windowPool") == 0) return fault_in_window_pool(command);
  if (strcmp(kernel, "sparseDense") == 0) return fault_in_dense(command, false);
  if (strcmp(kernel, "fullDense") == 0) return fault_in_dense(command, true);
  return "there is no check of it";
}
