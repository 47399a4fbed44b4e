#include "ir/element.h"

namespace thalweg::ir {

EditLog* Element::log() const {
  EditLog* outermost = nullptr;
  for (const Element* element = this; element; element = element->owner_)
    if (EditLog* own = element->own_log()) outermost = own;
  return outermost;
}

void Element::set_location(base::Location location) {
  base::Location old = std::exchange(location_, std::move(location));
  if (EditLog* log = this->log())
    log->record({Edit::Kind::set, Ref<const Element>(this), "location",
                 [this, old = std::move(old)]() mutable { std::swap(location_, old); }});
}

uint64_t Element::birth() const {
  if (birth_ == 0)
    if (EditLog* log = this->log()) birth_ = log->next_birth();
  return birth_;
}

void EditLog::record(Edit edit) {
  ++version_;
  if (undoing_) return;
  if (edit.subject == owner_) edit.subject = nullptr;
  edits_.push_back(std::move(edit));
}

void EditLog::rollback(size_t mark) {
  undoing_ = true;
  while (edits_.size() > mark) {
    Edit edit = std::move(edits_.back());
    edits_.pop_back();
    if (edit.undo) edit.undo();
    ++version_;
  }
  undoing_ = false;
}

void EditLog::forget() {
  for (Edit& edit : edits_) {
    edit.undo = nullptr;
    edit.subject = nullptr;
  }
}

}  // namespace thalweg::ir
