/* What Node sees: the instruction sets of this processor, and their kernels over a plan's memory. */
#define _DEFAULT_SOURCE
#include <node_api.h>
#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "check.h"
#include "kernels.h"

/* The memory of one plan and the kernels that work on it; freed with the last function that refers to it. */
typedef struct {
  heap_t heap;
  const kernel_set_t *set;
  napi_ref view;
  size_t users;
} session_t;

typedef struct {
  session_t *session;
  const named_kernel_t *kernel;
} binding_t;

static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, "NATIVE_KERNELS", message);
  return NULL;
}

static const kernel_set_t *const *kernel_sets(size_t *count) {
  static const kernel_set_t *sets[2];
  *count = 0;
#if defined(WITH_avx512) || defined(WITH_avx2)
  __builtin_cpu_init();
#endif
#if defined(WITH_avx512)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    sets[(*count)++] = &kernels_avx512;
#endif
#if defined(WITH_avx2)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) sets[(*count)++] = &kernels_avx2;
#endif
#if defined(WITH_neon)
  sets[(*count)++] = &kernels_neon;
#endif
  return sets;
}

/* Takes the view of the whole memory that JavaScript gives; keeps it, so that the memory stays. */
static bool take_view(napi_env env, napi_value value, session_t *session) {
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array)
    return false;
  napi_ref view;
  if (napi_create_reference(env, value, 1, &view) != napi_ok) return false;
  if (session->view != NULL) napi_delete_reference(env, session->view);
  session->view = view;
  session->heap = (heap_t){.base = data, .length = length};
#if defined(MADV_HUGEPAGE)
  /* Fewer pages to look up; only a wish. */
  madvise(data, length, MADV_HUGEPAGE);
#endif
  return true;
}

static void release(napi_env env, session_t *session) {
  if (--session->users > 0) return;
  if (session->view != NULL) napi_delete_reference(env, session->view);
  free(session);
}

static void release_binding(napi_env env, void *data, void *hint) {
  (void)hint;
  binding_t *binding = data;
  release(env, binding->session);
  free(binding);
}

/* `(record, begin, end, scratch)`, like a kernel of the WebAssembly module. */
static napi_value run_kernel(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  size_t count = 4;
  void *data;
  uint32_t record = 0, scratch = 0;
  int32_t begin = 0, end = 0;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, &data) != napi_ok || count < 4 ||
      napi_get_value_uint32(env, arguments[0], &record) != napi_ok ||
      napi_get_value_int32(env, arguments[1], &begin) != napi_ok ||
      napi_get_value_int32(env, arguments[2], &end) != napi_ok ||
      napi_get_value_uint32(env, arguments[3], &scratch) != napi_ok)
    return fail(env, "A kernel takes four numbers.");
  const binding_t *binding = data;
  binding->kernel->run(binding->session->heap.base, record, begin, end, scratch);
  return NULL;
}

/* `(kernel, record, items, scratchBytes, end)`: what is wrong with a command, or undefined. */
static napi_value check_command(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  size_t count = 5, length;
  int64_t end;
  void *data;
  char kernel[64];
  command_t command;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, &data) != napi_ok || count < 5 ||
      napi_get_value_string_utf8(env, arguments[0], kernel, sizeof kernel, &length) != napi_ok ||
      napi_get_value_uint32(env, arguments[1], &command.record) != napi_ok ||
      napi_get_value_int32(env, arguments[2], &command.items) != napi_ok ||
      napi_get_value_uint32(env, arguments[3], &command.scratch) != napi_ok ||
      napi_get_value_int64(env, arguments[4], &end) != napi_ok || end < 0)
    return fail(env, "A command is a name and four numbers.");
  const session_t *session = ((const binding_t *)data)->session;
  command.heap = session->heap;
  if ((uint64_t)end < command.heap.length) command.heap.length = (size_t)end;
  command.width = session->set->width;
  const char *fault = fault_in(kernel, command);
  napi_value said = NULL;
  if (fault != NULL) napi_create_string_utf8(env, fault, NAPI_AUTO_LENGTH, &said);
  return said;
}

/* `(view)`: the memory has grown. */
static napi_value move_memory(napi_env env, napi_callback_info info) {
  napi_value view;
  size_t count = 1;
  void *data;
  if (napi_get_cb_info(env, info, &count, &view, NULL, &data) != napi_ok || count < 1 ||
      !take_view(env, view, ((const binding_t *)data)->session))
    return fail(env, "The memory must be a Uint8Array.");
  return NULL;
}

static bool add_function(napi_env env, napi_value object, const char *name, napi_callback callback,
                         session_t *session, const named_kernel_t *kernel) {
  binding_t *binding = malloc(sizeof *binding);
  if (binding == NULL) return false;
  *binding = (binding_t){.session = session, .kernel = kernel};
  napi_value function;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, binding, &function) != napi_ok ||
      napi_add_finalizer(env, function, binding, release_binding, NULL, NULL) != napi_ok) {
    free(binding);
    return false;
  }
  session->users++;
  return napi_set_named_property(env, object, name, function) == napi_ok;
}

/* `(instructions, view)`: `{ kernels, check, move }` over the memory that a view shows. */
static napi_value open_memory(napi_env env, napi_callback_info info) {
  napi_value arguments[2], opened, kernels;
  size_t count = 2, length, sets;
  char name[16];
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 2 ||
      napi_get_value_string_utf8(env, arguments[0], name, sizeof name, &length) != napi_ok)
    return fail(env, "Give the name of an instruction set and a memory.");
  const kernel_set_t *set = NULL, *const *known = kernel_sets(&sets);
  for (size_t i = 0; i < sets; i++) {
    if (strcmp(known[i]->name, name) == 0) set = known[i];
  }
  if (set == NULL) return fail(env, "This processor has no such instructions.");
  session_t *session = calloc(1, sizeof *session);
  if (session == NULL) return fail(env, "There is no memory left.");
  session->set = set;
  session->users = 1;
  if (!take_view(env, arguments[1], session)) {
    free(session);
    return fail(env, "The memory must be a Uint8Array.");
  }
  bool made = napi_create_object(env, &opened) == napi_ok && napi_create_object(env, &kernels) == napi_ok &&
              napi_set_named_property(env, opened, "kernels", kernels) == napi_ok &&
              add_function(env, opened, "check", check_command, session, NULL) &&
              add_function(env, opened, "move", move_memory, session, NULL);
  for (size_t i = 0; made && i < set->count; i++) {
    made = add_function(env, kernels, set->kernels[i].name, run_kernel, session, &set->kernels[i]);
  }
  release(env, session);
  return made ? opened : fail(env, "The kernels could not be bound.");
}

/* Names of the instruction sets that this processor has, the best first. */
static napi_value instruction_sets(napi_env env, napi_callback_info info) {
  (void)info;
  size_t count;
  const kernel_set_t *const *sets = kernel_sets(&count);
  napi_value names;
  if (napi_create_array_with_length(env, count, &names) != napi_ok) return NULL;
  for (size_t i = 0; i < count; i++) {
    napi_value name;
    if (napi_create_string_utf8(env, sets[i]->name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_set_element(env, names, (uint32_t)i, name) != napi_ok)
      return NULL;
  }
  return names;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor properties[] = {
      {.utf8name = "instructionSets", .method = instruction_sets, .attributes = napi_enumerable},
      {.utf8name = "open", .method = open_memory, .attributes = napi_enumerable},
  };
  if (napi_define_properties(env, exports, 2, properties) != napi_ok) return NULL;
  return exports;
}
