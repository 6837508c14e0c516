// Generation through the C ABI: prefixes, look-up, cancellation, and the same bits whatever the threads and the batch.
#include "model/session.h"

#include <atomic>
#include <thread>

#include "engine_fixture.h"

namespace {

brv_generate_options greedy(int32_t max_tokens) {
  brv_generate_options options{};
  options.max_tokens = max_tokens;
  return options;
}

const char *const kModels[] = {
    "untied-gqa2", "tied-gqa4", "f16", "sharded-bf16",
    "mlx-q4-g32",  "mlx-q8-g64"};  // 16-bit ones have a cache of halves, the last two int8 activations and cache

void for_each_model(void (*body)(const std::string &name, const ModelHandle &model)) {
  for (const std::string &kernels : available_kernels()) {
    const UseKernels use(kernels);
    for (const char *name : kModels) {
      const ModelHandle model = open_model(fixture(name));
      if (model != nullptr) body(name, model);
    }
  }
}

}  // namespace

TEST(a_sequence_does_not_depend_on_its_batch_or_on_threads) {
  for_each_model([](const std::string &name, const ModelHandle &model) {
    const Goldens goldens(fixture(name));
    const auto together = batch_logits(model, goldens.batch());
    const size_t width = output_width(model);
    size_t row = 0;
    for (const int32_t &length : goldens.lengths) {
      const auto alone =
          batch_logits(model, {goldens.tokens.data() + row, static_cast<size_t>(length), &length, 1, nullptr});
      CHECK(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(row * width)));
      row += static_cast<size_t>(length);
    }
    brv_open_options one_thread{};
    one_thread.threads = 1;
    CHECK(batch_logits(open_model(fixture(name), one_thread), goldens.batch()) == together);
  });
}

TEST(decode_gives_the_bits_of_prefill) {
  if (!is_cpu_engine()) return;
  for_each_model([](const std::string &name, const ModelHandle &handle) {
    const Goldens goldens(fixture(name));
    const auto expected = batch_logits(handle, goldens.batch());
    const auto model = brevis::Model::open(fixture(name), {}, brevis::CancelFlag());
    brevis::Session session(model, model->config().context);
    brevis::Model::Lease workspace(*model, brevis::CancelFlag());
    const size_t width = model->config().vocabulary, count = static_cast<size_t>(goldens.lengths[0]);
    for (size_t t = 0; t < count; ++t) {
      const float *logits = session.append(*workspace, goldens.tokens.data() + t, 1, 1, {});
      CHECK(std::equal(logits, logits + width, expected.begin() + static_cast<std::ptrdiff_t>(t * width)));
    }
  });
}

TEST(a_shared_prefix_is_not_computed_again) {
  for_each_model([](const std::string &name, const ModelHandle &model) {
    const Goldens goldens(fixture(name));
    std::vector<int32_t> prompt(goldens.tokens.begin(), goldens.tokens.end()), changed = prompt;
    changed[80] = (changed[80] + 1) % 90;
    const SessionHandle session = open_session(model);
    CHECK_EQUAL(generate(session, prompt, greedy(8)).result.reused_tokens, 0);
    const Generated reused = generate(session, changed, greedy(8));
    CHECK_EQUAL(reused.result.reused_tokens, 80);
    CHECK(reused.tokens == generate(open_session(model), changed, greedy(8)).tokens);
    // The same prompt again: all but the last token.
    CHECK_EQUAL(generate(session, changed, greedy(8)).result.reused_tokens, static_cast<int32_t>(changed.size()) - 1);
  });
}

TEST(other_adapters_share_no_prefix) {
  const ModelHandle model = open_model(fixture("tied-gqa1"));
  const std::string directory = fixture("tied-gqa1/adapter-peft");
  CHECK_EQUAL(api().load_adapter(model.get(), "a", directory.c_str(), nullptr), BRV_OK);
  const std::vector<int32_t> prompt = Goldens(fixture("tied-gqa1")).first_sequence();
  const SessionHandle session = open_session(model);
  generate(session, prompt, greedy(4));
  const brv_adapter_use uses[] = {{"a", 1}};
  brv_generate_options options = greedy(16);
  options.adapters = uses;
  options.adapter_count = 1;
  const Generated with = generate(session, prompt, options);
  CHECK_EQUAL(with.result.reused_tokens, 0);
  CHECK(with.tokens == generate(open_session(model), prompt, options).tokens);
  CHECK_EQUAL(generate(session, prompt, options).result.reused_tokens, static_cast<int32_t>(prompt.size()) - 1);
}

TEST(prompt_lookup_gives_the_same_tokens) {
  size_t accepted = 0;
  for (const char *name : kModels) {
    const ModelHandle model = open_model(fixture(name));
    const std::vector<int32_t> prompt = Goldens(fixture(name)).first_sequence();
    brv_generate_options options = greedy(200);
    const Generated without = generate(open_session(model), prompt, options);
    for (const int32_t ngram : {1, 2, 3}) {
      for (const int32_t drafted : {1, 5, 16}) {
        options.lookup_tokens = drafted;
        options.lookup_ngram = ngram;
        const Generated with = generate(open_session(model), prompt, options);
        CHECK(with.tokens == without.tokens);
        CHECK_EQUAL(with.result.generated_tokens, 200);
        CHECK(with.result.accepted_tokens <= with.result.drafted_tokens);
        accepted += static_cast<size_t>(with.result.accepted_tokens);
      }
    }
    options.sampling.repetition_penalty = 1.3f;
    const Generated penalized = generate(open_session(model), prompt, options);
    options.lookup_tokens = 0;
    CHECK(penalized.tokens == generate(open_session(model), prompt, options).tokens);
  }
  CHECK(accepted > 100);
}

TEST(stops_where_it_is_told) {
  const ModelHandle model = open_model(fixture("untied-gqa2"));
  const std::vector<int32_t> prompt = Goldens(fixture("untied-gqa2")).first_sequence();
  const Generated all = generate(open_session(model), prompt, greedy(20));
  CHECK_EQUAL(all.result.finish, BRV_FINISH_LENGTH);
  brv_generate_options options = greedy(20);
  options.stop_ids = &all.tokens[5];
  options.stop_count = 1;
  const Generated stopped = generate(open_session(model), prompt, options);
  CHECK_EQUAL(stopped.result.finish, BRV_FINISH_STOP);
  const auto first = std::find(all.tokens.begin(), all.tokens.end(), all.tokens[5]);
  CHECK(stopped.tokens == std::vector<int32_t>(all.tokens.begin(), first));
  brv_session *small = nullptr;
  const brv_session_options thirty = {30};
  CHECK_EQUAL(api().open_session(model.get(), &thirty, &small), BRV_OK);
  const SessionHandle session(small);
  const Generated full = generate(session, prompt, greedy(20));
  CHECK_EQUAL(full.result.finish, BRV_FINISH_CONTEXT);
  CHECK_EQUAL(full.tokens.size(), 30 - prompt.size() + 1);
  brv_generate_options callback = greedy(20);
  callback.on_token = [](void *, int32_t) { return 1; };
  brv_generation result{};
  CHECK_EQUAL(api().generate(session.get(), prompt.data(), prompt.size(), &callback, nullptr, &result), BRV_OK);
  CHECK_EQUAL(result.finish, BRV_FINISH_CALLBACK);
  CHECK_EQUAL(result.generated_tokens, 1);
}

TEST(a_cancelled_session_goes_on_as_if_nothing_happened) {
  const ModelHandle model = open_model(fixture("untied-gqa2"));
  const std::vector<int32_t> prompt = Goldens(fixture("untied-gqa2")).first_sequence();
  const Generated expected = generate(open_session(model), prompt, greedy(40));
  const SessionHandle session = open_session(model);
  struct Count {
    int32_t tokens = 0, cancel = 0, limit;
  };
  for (int32_t limit = 1; limit < 30; limit += 7) {
    Count count{0, 0, limit};
    brv_generate_options options = greedy(40);
    options.context = &count;
    options.on_token = [](void *context, int32_t) {
      Count &counted = *static_cast<Count *>(context);
      if (++counted.tokens == counted.limit) __atomic_store_n(&counted.cancel, 1, __ATOMIC_RELAXED);
      return 0;
    };
    brv_generation result{};
    CHECK_EQUAL(api().generate(session.get(), prompt.data(), prompt.size(), &options, &count.cancel, &result),
                BRV_ERROR_CANCELLED);
    CHECK_EQUAL(result.generated_tokens, limit);
  }
  CHECK(generate(session, prompt, greedy(40)).tokens == expected.tokens);
}

TEST(a_session_has_one_caller_and_a_model_many) {
  const ModelHandle model = open_model(fixture("mlx-q4-g32"));
  const Goldens goldens(fixture("mlx-q4-g32"));
  const auto expected = batch_logits(model, goldens.batch());
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        if (batch_logits(model, goldens.batch()) != expected) ++wrong;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  CHECK_EQUAL(wrong.load(), 0);
  const SessionHandle session = open_session(model);
  brv_generate_options options = greedy(3);
  struct Inner {
    brv_session *session;
    brv_status status;
  } inner{session.get(), BRV_OK};
  options.context = &inner;
  options.on_token = [](void *context, int32_t) {
    Inner &shared = *static_cast<Inner *>(context);
    const int32_t one = 1;
    const brv_generate_options again = greedy(1);
    shared.status = api().generate(shared.session, &one, 1, &again, nullptr, nullptr);
    return 0;
  };
  const int32_t prompt = 1;
  CHECK_EQUAL(api().generate(session.get(), &prompt, 1, &options, nullptr, nullptr), BRV_OK);
  CHECK_EQUAL(inner.status, BRV_ERROR_BUSY);
}

TEST(sampling_follows_the_seed) {
  const ModelHandle model = open_model(fixture("untied-gqa2"));
  const std::vector<int32_t> prompt = Goldens(fixture("untied-gqa2")).first_sequence();
  brv_generate_options options = greedy(30);
  options.sampling = {1.5f, 50, 0.95f, 0.01f, 1.1f, 1234};
  const auto one = generate(open_session(model), prompt, options).tokens;
  CHECK(one == generate(open_session(model), prompt, options).tokens);
  options.sampling.seed = 4321;
  CHECK(one != generate(open_session(model), prompt, options).tokens);
}
