/*
 * brevis_engine.h: the contract between brevis and an inference engine (C ABI).
 *
 * Two engines speak it: the CPU engine (C++, linked into the addon) and the MLX engine (Swift, a dynamic library).
 * A library exports one symbol, brv_get_engine_api(), which gives a table of function pointers.
 *
 * An engine knows neither Node nor text: token ids go in, floats or token ids come out.
 *
 * Rules for every call
 *   Status     Calls return a brv_status. On anything but BRV_OK the thread's last_error() says what was expected and
 *              what arrived, with the file's and the tensor's name where there is one. No exception, signal, abort or exit crosses.
 *   Ownership  Whoever opens closes. Inputs are only read during the call and never kept: the caller may free them afterwards.
 *              Outputs go to buffers of the caller; nothing is written to them unless stated, and their content is
 *              undefined after an error.
 *   Threads    A call blocks its caller. A brv_model may be used by several threads at once. A brv_session has one caller at a
 *              time: a second one gets BRV_ERROR_BUSY. Closing a handle while another thread is inside a call on it is the
 *              caller's error; closing a model while its sessions are open is fine (they keep what they need).
 *   Cancel     `cancel` may be NULL. It points to an int32_t that any thread may set to non-zero, by an atomic store, while the
 *              call runs; the CPU engine looks at it before each layer, the MLX engine at each evaluation. The call then
 *              returns BRV_ERROR_CANCELLED, and the handle stays usable. The engine never writes to it.
 *   Numbers    Token ids are 0 <= id < vocabulary. Counts are of tokens unless their name says bytes. Arrays are dense, row-major.
 *   Strings    UTF-8, NUL-terminated. Paths are absolute, or relative to the process's working directory.
 *
 * Determinism: the same engine build, CPU features, model, adapters and inputs give the same bits, whatever the number of threads,
 * whatever shares the batch, and however a prompt is cut into prefill and decode.
 */
#ifndef BREVIS_ENGINE_H
#define BREVIS_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a struct, a call or the meaning of one changes. There is no partial compatibility. */
#define BRV_ENGINE_ABI_VERSION 1u

#if defined(_WIN32)
#define BRV_EXPORT __declspec(dllexport)
#else
#define BRV_EXPORT __attribute__((visibility("default")))
#endif

/* ---- Status ---- */

typedef int32_t brv_status;
enum {
  BRV_OK = 0,
  BRV_ERROR_ARGUMENT = 1,    /* the caller's mistake: a null pointer, an id out of range, a buffer too small, an unknown name */
  BRV_ERROR_NOT_FOUND = 2,   /* a file or directory that is not there or cannot be read */
  BRV_ERROR_INVALID = 3,     /* a file that is there but broken: truncated, wrong shape, wrong type, not a number */
  BRV_ERROR_UNSUPPORTED = 4, /* well-formed, but beyond this engine: mixture of experts, DoRA, modules_to_save, ... */
  BRV_ERROR_CHANGED = 5,     /* a weight file was replaced, rewritten or cut since it was opened: close and open again */
  BRV_ERROR_CANCELLED = 6,   /* the cancel flag was set */
  BRV_ERROR_BUSY = 7,        /* the session is in another thread's call */
  BRV_ERROR_MEMORY = 8,      /* not enough memory */
  BRV_ERROR_INTERNAL = 9     /* a defect of the engine */
};

/* ---- Handles (opaque) ---- */

typedef struct brv_model brv_model;     /* weights and adapters: immutable but for load_adapter and drop_adapter, shared by threads */
typedef struct brv_session brv_session; /* a KV cache of one causal model: one caller at a time */

/* ---- Opening a model ---- */

enum { BRV_TASK_CAUSAL = 0, BRV_TASK_KEEP = 1 };

/*
 * How the linear layers' inputs are held while they are multiplied with the weights. The CPU engine's KV cache follows: float32 with FLOAT
 * and with float32 weights, float16 with 16-bit weights, int8 (one scale for each token and 32 columns) with int8 inputs.
 */
enum {
  BRV_ACTIVATIONS_AUTO = 0,  /* int8 with quantized weights; bfloat16 with bfloat16 weights of causal models, where the processor has
                                instructions for it; else float32. MLX: the type of the weights or of their scales */
  BRV_ACTIVATIONS_FLOAT = 1, /* always float32 */
  BRV_ACTIVATIONS_INT8 = 2   /* int8, one scale a token and weight group; BRV_ERROR_UNSUPPORTED if no weight is quantized */
};

/* NULL in place of the options, or all zero, means the defaults. */
typedef struct brv_open_options {
  int32_t threads;          /* threads that may work on one call, the caller's included; 0: as many as the process may use */
  int32_t activations;      /* BRV_ACTIVATIONS_* */
  int32_t quantize_bits;    /* 0: weights as stored. 8: float weights of linear layers become affine 8-bit while loading */
  int32_t quantize_group;   /* group size for quantize_bits; 0: 256 (MLX: 64), or the largest power of two below that divides the row */
} brv_open_options;

typedef struct brv_model_info {
  int32_t task;             /* BRV_TASK_* */
  int32_t vocabulary;       /* token ids are below this */
  int32_t hidden_size;
  int32_t layers;
  int32_t attention_heads;
  int32_t key_value_heads;
  int32_t head_size;
  int32_t context;          /* longest sequence, in tokens (max_position_embeddings) */
  int32_t keep_outputs;     /* keep models: values a token (1 unless the config names more outputs); else 0 */
  int32_t feature_count;    /* keep models: feature ids a token beside the token id (0 unless the config declares some) */
  int32_t weight_bits;      /* of the widest-spread linear layer: 32, 16, 8 or 4 */
  int32_t weight_group;     /* its group size; 0 where it is not quantized */
  int32_t activation_bits;  /* of the layers' inputs: 32, 16, or 8 when those of quantized layers are held as int8 */
  int32_t threads;          /* threads that a call may use */
  int64_t weight_bytes;     /* size of the tensors in use, as stored in the files */
  const char *kernels;      /* "plain", "avx2", "avx512", ...; owned by the engine, valid for the life of the process */
} brv_model_info;

/* ---- Adapters in use by a call ---- */

/* Adds scale * (the adapter's own scale) * B(Ax) to each layer that it has. Several stack by addition. */
typedef struct brv_adapter_use {
  const char *name; /* as given to load_adapter */
  float scale;      /* finite; 1 for the adapter as trained */
} brv_adapter_use;

/* ---- A batch of ragged sequences ---- */

typedef struct brv_batch {
  const int32_t *tokens;    /* the sequences' ids one after the other: [token_count] */
  size_t token_count;       /* the sum of lengths */
  const int32_t *lengths;   /* tokens in each sequence, each at least 1 and at most `context`: [sequence_count] */
  size_t sequence_count;    /* at least 1 */
  const int32_t *features;  /* [token_count, feature_count] for a keep model that declares features; else NULL */
} brv_batch;

/* ---- Generation ---- */

typedef struct brv_sampling {
  float temperature;        /* 0: greedy (the largest logit, the lowest id among equals). Else logits are divided by it */
  int32_t top_k;            /* keep the k likeliest; 0: all */
  float top_p;              /* then keep the smallest set whose probability reaches p; 0 or 1: all */
  float min_p;              /* then keep what has at least min_p times the likeliest's probability; 0: all */
  float repetition_penalty; /* divides positive and multiplies negative logits of ids already in prompt or output; 0 or 1: none */
  uint64_t seed;            /* the same seed gives the same tokens */
} brv_sampling;

/* Called on the thread that called generate(), once a token, in order; non-zero ends generation after this token. */
typedef int32_t (*brv_token_callback)(void *context, int32_t token);

typedef struct brv_generate_options {
  int32_t max_tokens;          /* at most so many are generated, 1 or more; prompt + max_tokens may exceed the context: it ends there */
  brv_sampling sampling;
  const int32_t *stop_ids;     /* any of them ends generation and is not delivered: [stop_count], or NULL */
  size_t stop_count;
  int32_t lookup_tokens;       /* prompt look-up, greedy only: check up to so many drafted tokens a step; 0: off. Same tokens as without */
  int32_t lookup_ngram;        /* length of the repeated run that starts a draft; 0: 3 */
  const brv_adapter_use *adapters; /* [adapter_count], or NULL */
  size_t adapter_count;
  brv_token_callback on_token; /* may be NULL */
  void *context;               /* handed to on_token */
} brv_generate_options;

enum { BRV_FINISH_STOP = 0, BRV_FINISH_LENGTH = 1, BRV_FINISH_CALLBACK = 2, BRV_FINISH_CONTEXT = 3 };

typedef struct brv_generation {
  int32_t finish;           /* BRV_FINISH_*: a stop id, max_tokens, the callback, or the context's end */
  int32_t prompt_tokens;
  int32_t reused_tokens;    /* of the prompt, found in the session's cache and not computed again */
  int32_t generated_tokens; /* delivered, a stop id not counted */
  int32_t drafted_tokens;   /* proposed by prompt look-up */
  int32_t accepted_tokens;  /* and confirmed */
} brv_generation;

typedef struct brv_session_options {
  int32_t context; /* tokens that the cache may hold; 0: the model's context. Memory grows as tokens come, in blocks of 64 */
} brv_session_options;

/* ---- The table ---- */

typedef struct brv_engine_api {
  uint32_t abi_version; /* BRV_ENGINE_ABI_VERSION of the library */

  /* "cpu" or "mlx". Owned by the engine. */
  const char *engine_name;

  /* The message of this thread's last failed call; "" before any. Owned by the engine, valid until this thread's next call. */
  const char *(*last_error)(void);

  /*
   * Opens the model in `directory` (Hugging Face layout: config.json, *.safetensors or model.safetensors.index.json with its shards).
   * Weight files are mapped, not read, except norms and quantization scales; headers, offsets, types and shapes are checked now.
   * *model is set on BRV_OK only; free it with close_model. `cancel` is looked at between tensors.
   */
  brv_status (*open_model)(const char *directory, const brv_open_options *options, const int32_t *cancel, brv_model **model);

  /* NULL is allowed. Frees the weights when the last of the model and its sessions is closed. */
  void (*close_model)(brv_model *model);

  /* Fills *info. */
  brv_status (*describe_model)(const brv_model *model, brv_model_info *info);

  /*
   * Loads a LoRA adapter from a directory written by mlx-lm (adapters.safetensors + adapter_config.json) or PEFT
   * (adapter_model.safetensors + adapter_config.json) under a name. It is copied into memory as float32. A name in use is replaced;
   * calls that run keep the one they started with. BRV_ERROR_UNSUPPORTED names DoRA, modules_to_save, bias and other kinds.
   */
  brv_status (*load_adapter)(brv_model *model, const char *name, const char *directory, const int32_t *cancel);

  /* Forgets an adapter; calls that run keep it until they end. BRV_ERROR_ARGUMENT if there is none of that name. */
  brv_status (*drop_adapter)(brv_model *model, const char *name);

  /*
   * Keep models: one probability (0..1) a token and output, in probabilities[token * keep_outputs + output].
   * `capacity` is the buffer's length in floats, at least token_count * keep_outputs. Sequences do not see one another.
   */
  brv_status (*keep)(brv_model *model, const brv_batch *batch, const brv_adapter_use *adapters, size_t adapter_count,
                     const int32_t *cancel, float *probabilities, size_t capacity);

  /*
   * Raw logits of every token, for conformance tests and scoring: causal models logits[token * vocabulary + id], the
   * prediction of the token after; keep models logits[token * keep_outputs + output], before the sigmoid.
   */
  brv_status (*logits)(brv_model *model, const brv_batch *batch, const brv_adapter_use *adapters, size_t adapter_count,
                       const int32_t *cancel, float *logits, size_t capacity);

  /* Causal models only (else BRV_ERROR_UNSUPPORTED). *session is set on BRV_OK only; free it with close_session. options may be NULL. */
  brv_status (*open_session)(brv_model *model, const brv_session_options *options, brv_session **session);

  /* NULL is allowed. */
  void (*close_session)(brv_session *session);

  /*
   * Generates after a prompt of prompt_count >= 1 ids. The session remembers its tokens: the longest prefix that the prompt shares
   * with them, under the same adapters, is not computed again. *generation (may be NULL) is filled on BRV_OK, and on
   * BRV_ERROR_CANCELLED with what had been delivered until then.
   */
  brv_status (*generate)(brv_session *session, const int32_t *prompt, size_t prompt_count, const brv_generate_options *options,
                         const int32_t *cancel, brv_generation *generation);
} brv_engine_api;

/*
 * The table of this library, or NULL if abi_version is not BRV_ENGINE_ABI_VERSION of the library. The table lives as long
 * as the library is loaded. May be called from any thread.
 */
BRV_EXPORT const brv_engine_api *brv_get_engine_api(uint32_t abi_version);

#ifdef __cplusplus
}
#endif

#endif /* BREVIS_ENGINE_H */
