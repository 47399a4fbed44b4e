#include "support/random_graph.h"
