// As a person would write it who knows that the flags forbid the compiler to reorder: maximum and sum in vectors.
typedef float lanes __attribute__((vector_size(64), aligned(4)));
extern float thw_expf(float) __attribute__((const));

static float largest(const float* row, long long n) {
  float best = row[0];
  long long j = 0;
  if (n >= 64) {
    lanes a = *(const lanes*)row, b = a, c = a, d = a;
    for (; j + 64 <= n; j += 64) {
      a = __builtin_elementwise_max(a, *(const lanes*)(row + j));
      b = __builtin_elementwise_max(b, *(const lanes*)(row + j + 16));
      c = __builtin_elementwise_max(c, *(const lanes*)(row + j + 32));
      d = __builtin_elementwise_max(d, *(const lanes*)(row + j + 48));
    }
    a = __builtin_elementwise_max(__builtin_elementwise_max(a, b), __builtin_elementwise_max(c, d));
    best = __builtin_reduce_max(a);
  }
  for (; j < n; ++j) best = row[j] > best ? row[j] : best;
  return best;
}

static float total(const float* row, long long n) {
  lanes a = {0}, b = {0}, c = {0}, d = {0};
  long long j = 0;
  for (; j + 64 <= n; j += 64) {
    a += *(const lanes*)(row + j);
    b += *(const lanes*)(row + j + 16);
    c += *(const lanes*)(row + j + 32);
    d += *(const lanes*)(row + j + 48);
  }
  a = (a + b) + (c + d);
  float sum = 0;
  for (int k = 0; k < 16; ++k) sum += a[k];
  for (; j < n; ++j) sum += row[j];
  return sum;
}

void hand(const float* restrict x, float* restrict out, long long rows, long long n) {
  for (long long i = 0; i < rows; ++i) {
    const float* from = x + i * n;
    float* to = out + i * n;
    const float top = largest(from, n);
    for (long long j = 0; j < n; ++j) to[j] = thw_expf(from[j] - top);
    const float sum = total(to, n);
    for (long long j = 0; j < n; ++j) to[j] /= sum;
  }
}
