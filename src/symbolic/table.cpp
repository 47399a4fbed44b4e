// Hash-consing: one node per structure in the whole process, in shards behind locks, counted by its handles.
//
// Invariant: while a shard's lock is free, every node in it has a count of at least 1. The last handle therefore
// takes the lock before it counts down to 0; a lookup counts up under the same lock and can never meet a dying node.
#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>

#include "symbolic/node.h"

namespace thalweg::symbolic {

namespace {

constexpr size_t shard_count = 64;

struct Key {
  Kind kind;
  uint8_t flags;
  uint32_t hash;
  std::span<const Expr> operands;
  const Node* companion;
  std::string_view text;
  int64_t value;

  bool matches(const Node& node) const {
    if (node.hash != hash || node.kind != kind || node.arity != operands.size()) return false;
    if (kind == Kind::integer) return node.value == value;
    if (kind == Kind::symbol) return *node.text == text;
    bool same_flags = (node.flags & Node::unfolded) == (flags & Node::unfolded);
    return same_flags && node.companion == companion &&
           std::equal(operands.begin(), operands.end(), node.operands().begin());
  }
};

struct Shard {
  std::mutex lock;
  std::vector<Node*> buckets = std::vector<Node*>(16, nullptr);
  size_t size = 0;

  Node*& bucket(uint32_t hash) { return buckets[(hash >> 6) & (buckets.size() - 1)]; }

  void insert(Node* node) {
    if (++size > buckets.size()) grow();
    Node*& head = bucket(node->hash);
    node->next = head;
    head = node;
  }

  void grow() {
    std::vector<Node*> old(buckets.size() * 2, nullptr);
    old.swap(buckets);
    for (Node* node : old) {
      while (node) {
        Node* next = node->next;
        Node*& head = bucket(node->hash);
        node->next = head;
        head = node;
        node = next;
      }
    }
  }

  void remove(const Node* node) {
    Node** at = &bucket(node->hash);
    while (*at != node) at = &(*at)->next;
    *at = node->next;
    --size;
  }
};

uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 29);
}

uint64_t hash_text(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return mix(hash, text.size());
}

uint32_t hash_operands(Kind kind, std::span<const Expr> operands, const Node* companion) {
  uint64_t hash = mix(static_cast<uint64_t>(kind), reinterpret_cast<uintptr_t>(companion));
  for (const Expr& operand : operands) hash = mix(hash, reinterpret_cast<uintptr_t>(Node::of(operand)));
  return static_cast<uint32_t>(hash >> 16);
}

bool has_companion(const Node& node) {
  return node.kind != Kind::integer && node.kind != Kind::symbol && node.companion != nullptr;
}

}  // namespace

class Table {
 public:
  // Mutable state of the process, on purpose: handles live in graphs of any age and thread. Never destroyed, so that
  // handles in static objects may outlive main().
  static Table& instance() {
    static Table* const table = std::make_unique<Table>().release();
    return *table;
  }

  Expr find_or_make(const Key& key) {
    Shard& shard = shard_of(key.hash);
    std::lock_guard guard(shard.lock);
    for (Node* node = shard.bucket(key.hash); node; node = node->next) {
      if (!key.matches(*node)) continue;
      node->count.fetch_add(1, std::memory_order_relaxed);
      return Node::adopt(node);
    }
    Node* node = make(key);
    shard.insert(node);
    return Node::adopt(node);
  }

  void release(const Node* node) noexcept {
    // Operands of a dead node are released here in a loop, not by recursion: a deep expression must not overflow the
    // stack.
    std::vector<const Node*> pending;
    while (node) {
      if (remove_if_last(node)) destroy(node, pending);
      node = nullptr;
      if (!pending.empty()) {
        node = pending.back();
        pending.pop_back();
      }
    }
  }

  size_t size() {
    size_t total = 0;
    for (Shard& shard : shards_) {
      std::lock_guard guard(shard.lock);
      total += shard.size;
    }
    return total;
  }

 private:
  Shard& shard_of(uint32_t hash) { return shards_[hash % shard_count]; }

  bool remove_if_last(const Node* node) {
    uint32_t count = node->count.load(std::memory_order_relaxed);
    while (count > 1)
      if (node->count.compare_exchange_weak(count, count - 1, std::memory_order_release, std::memory_order_relaxed))
        return false;
    Shard& shard = shard_of(node->hash);
    std::lock_guard guard(shard.lock);
    if (node->count.fetch_sub(1, std::memory_order_acq_rel) != 1) return false;
    shard.remove(node);
    return true;
  }

  static void destroy(const Node* node, std::vector<const Node*>& pending) {
    for (const Expr& operand : node->operands())
      if (!Node::is_small(Node::of(operand))) pending.push_back(Node::of(operand));
    if (has_companion(*node)) pending.push_back(node->companion);
    if (node->kind == Kind::symbol) std::unique_ptr<const std::string>(node->text).reset();
    // The operands' handles were taken over by `pending`; the node itself is trivially destructible memory.
    ::operator delete(const_cast<Node*>(node));
  }

  static Node* make(const Key& key) {
    void* memory = ::operator new(sizeof(Node) + key.operands.size() * sizeof(Expr));
    Node* node = new (memory) Node;
    node->kind = key.kind;
    node->hash = key.hash;
    node->flags = key.flags;
    node->arity = static_cast<uint32_t>(key.operands.size());
    Expr* slot = reinterpret_cast<Expr*>(node + 1);
    for (const Expr& operand : key.operands) {
      new (slot++) Expr(operand);
      const Node* inner = Node::of(operand);
      if (Node::is_small(inner)) continue;
      node->symbols |= inner->symbols;
      node->flags |= inner->flags & Node::opaque;
    }
    if (key.kind == Kind::integer) {
      node->value = key.value;
    } else if (key.kind == Kind::symbol) {
      node->text = std::make_unique<std::string>(key.text).release();
      node->symbols = symbol_bit(key.text);
    } else {
      node->companion = key.companion;
      if (key.companion) key.companion->count.fetch_add(1, std::memory_order_relaxed);
    }
    bool product = key.kind == Kind::mul && !(key.flags & Node::unfolded);
    if (product) {
      bool scaled = Node::kind_of(Node::of(key.operands[0])) == Kind::integer;
      node->degree = static_cast<uint16_t>(std::min<size_t>(key.operands.size() - (scaled ? 1 : 0), UINT16_MAX));
    }
    return node;
  }

  Shard shards_[shard_count];
};

uint32_t symbol_bit(std::string_view name) { return uint32_t{1} << (hash_text(name) >> 59); }

Expr intern(Kind kind, std::span<const Expr> operands, const Node* companion, uint8_t flags) {
  return Table::instance().find_or_make(
      {kind, flags, hash_operands(kind, operands, companion), operands, companion, {}, 0});
}

Expr intern_symbol(std::string_view name) {
  uint32_t hash = static_cast<uint32_t>(hash_text(name) >> 7);
  return Table::instance().find_or_make({Kind::symbol, 0, hash, {}, nullptr, name, 0});
}

Expr intern_integer(int64_t value) {
  uint32_t hash = static_cast<uint32_t>(mix(7, static_cast<uint64_t>(value)) >> 16);
  return Table::instance().find_or_make({Kind::integer, 0, hash, {}, nullptr, {}, value});
}

size_t live_nodes() { return Table::instance().size(); }

void Expr::retain() const noexcept { node_->count.fetch_add(1, std::memory_order_relaxed); }

void Expr::release() noexcept {
  uint32_t count = node_->count.load(std::memory_order_relaxed);
  while (count > 1)
    if (node_->count.compare_exchange_weak(count, count - 1, std::memory_order_release, std::memory_order_relaxed))
      return;
  Table::instance().release(node_);
}

}  // namespace thalweg::symbolic
