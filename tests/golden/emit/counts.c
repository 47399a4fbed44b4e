static __attribute__((noinline)) void nest_1(thw_context* context, int64_t begin, int64_t end,
    int64_t* restrict bins_part, uint8_t* restrict odd_part, int64_t* restrict total_part,
    const int64_t* restrict where, int64_t M, int64_t N, int64_t share) {
  int64_t looks = 65536;
  for (int64_t piece = begin; piece < end; ++piece) {
    for (int64_t e0 = 0; e0 < M; ++e0) {
      if (thw_look(context, &looks, 3)) return;
      int64_t* bins_part_row = bins_part + (2*M*piece + 2*e0);
      for (int64_t e1 = 0; e1 < 2; ++e1) {
        bins_part_row[e1] = 0;
      }
    }
    uint8_t* odd_part_row = odd_part + piece;
    for (int64_t e0 = 0; e0 < 1; ++e0) {
      odd_part_row[e0] = (uint8_t)1;
    }
    int64_t* total_part_row = total_part + piece;
    for (int64_t e0 = 0; e0 < 1; ++e0) {
      total_part_row[e0] = 0;
    }
    {
      int64_t i = piece*share + 1;
      while (i < thw_min_i64(N, piece*share + share + 1)) {
        const int64_t i_stop = thw_min_i64(N, piece*share + share + 1) - i > 65536 ? i + 65536 : thw_min_i64(N, piece*share + share + 1);
        if (thw_look(context, &looks, i_stop - i)) return;
        for (; i < i_stop; ++i) {
          int64_t k = where[i];
          if (__builtin_expect(!((k >= 0) & (k < M)), 0)) {
            context->runtime->raise(context, 0, k, M, 0, 0);
            return;
          }
          bins_part[thw_add_i64(2*M*piece, thw_add_i64(thw_mul_i64(k, 2), k & 1))] = thw_add_i64(bins_part[thw_add_i64(2*M*piece, thw_add_i64(thw_mul_i64(k, 2), k & 1))], thw_add_i64(k, 3));
          int64_t t = thw_mul_i64(k, k);
          uint8_t o = (uint8_t)thw_add_i64(thw_mul_i64(2, k), 1);
          total_part[piece] = total_part[piece] ^ t;
          odd_part[piece] = thw_mul_u8(odd_part[piece], o);
        }
      }
    }
  }
}
struct nest_1_arguments {
  int64_t* bins_part;
  uint8_t* odd_part;
  int64_t* total_part;
  const int64_t* where;
  int64_t M;
  int64_t N;
  int64_t share;
};
static void nest_1_part(thw_context* context, void* arguments, int64_t begin, int64_t end) {
  const struct nest_1_arguments* a = arguments;
  nest_1(context, begin, end, a->bins_part, a->odd_part, a->total_part, a->where, a->M, a->N, a->share);
}

static __attribute__((noinline)) void nest_2(int64_t* restrict bins, const int64_t* restrict bins_part,
    uint8_t* restrict odd, const uint8_t* restrict odd_part, int64_t* restrict total,
    const int64_t* restrict total_part, int64_t M, int64_t pieces) {
  for (int64_t piece = 0; piece < pieces; ++piece) {
    for (int64_t e0 = 0; e0 < M; ++e0) {
      int64_t* bins_row = bins + 2*e0;
      const int64_t* bins_part_row = bins_part + (2*M*piece + 2*e0);
      for (int64_t e1 = 0; e1 < 2; ++e1) {
        bins_row[e1] = thw_add_i64(bins_row[e1], bins_part_row[e1]);
      }
    }
    const uint8_t* odd_part_row = odd_part + piece;
    for (int64_t e0 = 0; e0 < 1; ++e0) {
      odd[e0] = thw_mul_u8(odd[e0], odd_part_row[e0]);
    }
    const int64_t* total_part_row = total_part + piece;
    for (int64_t e0 = 0; e0 < 1; ++e0) {
      total[e0] = total[e0] ^ total_part_row[e0];
    }
  }
}

static __attribute__((noinline)) void nest_3(thw_context* context, int64_t* restrict bins, uint8_t* restrict odd,
    int64_t* restrict total, const int64_t* restrict where, int64_t M, int64_t N) {
  {
    int64_t i = 1;
    while (i < N) {
      const int64_t i_stop = N - i > 65536 ? i + 65536 : N;
      for (; i < i_stop; ++i) {
        int64_t k = where[i];
        if (__builtin_expect(!((k >= 0) & (k < M)), 0)) {
          context->runtime->raise(context, 0, k, M, 0, 0);
          return;
        }
        bins[thw_add_i64(thw_mul_i64(k, 2), k & 1)] = thw_add_i64(bins[thw_add_i64(thw_mul_i64(k, 2), k & 1)], thw_add_i64(k, 3));
        int64_t t = thw_mul_i64(k, k);
        uint8_t o = (uint8_t)thw_add_i64(thw_mul_i64(2, k), 1);
        total[0] = total[0] ^ t;
        odd[0] = thw_mul_u8(odd[0], o);
      }
      if (i < N && context->runtime->poll(context)) return;
    }
  }
}

int32_t thw_entry(thw_context* context, const thw_call* call) {
  int64_t* where = call->data[0];
  int64_t* bins = call->data[1];
  int64_t* total = call->data[2];
  uint8_t* odd = call->data[3];
  int64_t M = call->symbols[0];
  int64_t N = call->symbols[1];
  int64_t* bins_part = 0;
  int64_t bins_part_bytes = 0;
  uint8_t* odd_part = 0;
  int64_t odd_part_bytes = 0;
  int64_t* total_part = 0;
  int64_t total_part_bytes = 0;
  int64_t pieces = 0;
  int64_t share = 0;
  if (2 <= thw_min_i64(thw_min_i64(64, N - 1), thw_floor_div_i64(N - 1, 8*thw_max_i64(512, 2*M)))) {
    pieces = thw_min_i64(thw_min_i64(64, N - 1), thw_floor_div_i64(N - 1, 8*thw_max_i64(512, 2*M)));
    share = -thw_floor_div_i64(-N + 1, pieces);
    bins_part = thw_reserve(context, bins_part, &bins_part_bytes, thw_bytes(thw_bytes(thw_bytes(8, pieces), M), 2));
    if (!bins_part) goto done;
    odd_part = thw_reserve(context, odd_part, &odd_part_bytes, thw_bytes(thw_bytes(1, pieces), 1));
    if (!odd_part) goto done;
    total_part = thw_reserve(context, total_part, &total_part_bytes, thw_bytes(thw_bytes(8, pieces), 1));
    if (!total_part) goto done;
    if ((double)pieces * (3.0*(double)M + 33.0*(double)thw_min_i64(N, share*thw_floor_div_i64(pieces, 2) + share + 1) - 33.0*(double)share*(double)thw_floor_div_i64(pieces, 2) - 26.0) < 32768.0) {
      nest_1(context, 0, pieces, bins_part, odd_part, total_part, where, M, N, share);
    } else {
      struct nest_1_arguments arguments = {bins_part, odd_part, total_part, where, M, N, share};
      context->runtime->parallel_for(context, 0, pieces, thw_grain(3.0*(double)M + 33.0*(double)thw_min_i64(N, share*thw_floor_div_i64(pieces, 2) + share + 1) - 33.0*(double)share*(double)thw_floor_div_i64(pieces, 2) - 26.0), nest_1_part, &arguments);
    }
    if (__builtin_expect(context->stop != 0, 0)) goto done;
    nest_2(bins, bins_part, odd, odd_part, total, total_part, M, pieces);
  } else {
    nest_3(context, bins, odd, total, where, M, N);
    if (__builtin_expect(context->stop != 0, 0)) goto done;
  }
done:;
  if (bins_part) context->runtime->release(context, bins_part);
  if (odd_part) context->runtime->release(context, odd_part);
  if (total_part) context->runtime->release(context, total_part);
  return context->stop != 0;
}
