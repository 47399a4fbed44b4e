def histogram(data: int64[N], hist: int64[B], total: float64[1], w: float64[N]):
    for i in thalweg.map[0:data.shape[0]]:
        hist[data[i]] += 1
    for i in thalweg.map[0:data.shape[0]]:
        total[0] += w[i] * 2.0
