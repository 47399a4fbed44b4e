// Literal spellings follow CPython 3: what it refuses is refused here, and repr() is matched to the character.
#include "syntax/literal.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace thalweg::syntax {

namespace {

// Removes underscores; nothing unless each stands between two digits of the base.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      out += text[i];
    } else {
      bool between = i > 0 && i + 1 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i - 1])) &&
                     std::isxdigit(static_cast<unsigned char>(text[i + 1]));
      if (!between) return std::nullopt;
    }
  }
  return out;
}

// decimal = decimal * factor + digit, on decimal text.
void multiply_add(std::string& decimal, unsigned factor, unsigned digit) {
  unsigned carry = digit;
  for (size_t i = decimal.size(); i-- > 0;) {
    unsigned value = static_cast<unsigned>(decimal[i] - '0') * factor + carry;
    decimal[i] = static_cast<char>('0' + value % 10);
    carry = value / 10;
  }
  for (; carry > 0; carry /= 10) decimal.insert(decimal.begin(), static_cast<char>('0' + carry % 10));
}

std::optional<ConstantValue> parse_integer(const std::string& digits, int base) {
  if (digits.empty()) return std::nullopt;
  int64_t value = 0;
  const char* end = digits.data() + digits.size();
  auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (error == std::errc() && stop == end) return ConstantValue(value);
  if (error != std::errc::result_out_of_range || stop != end) return std::nullopt;
  std::string decimal = "0";
  for (char c : digits) {
    unsigned digit = c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a' + 10);
    multiply_add(decimal, static_cast<unsigned>(base), digit);
  }
  size_t zeros = decimal.find_first_not_of('0');
  return ConstantValue(BigInteger{decimal.substr(zeros == std::string::npos ? decimal.size() - 1 : zeros)});
}

std::optional<double> parse_double(const std::string& text) {
  const char* end = text.data() + text.size();
  double value = 0;
  auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::strtod(text.c_str(), nullptr);  // inf or 0, as Python
  if (error != std::errc()) return std::nullopt;
  return value;
}

void append_utf8(unsigned long code, std::string& into) {
  auto byte = [&](unsigned long value) { into += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// \xHH, \uHHHH, \UHHHHHHHH at body[i] (the letter); moves i to the last digit.
bool hexadecimal_escape(std::string_view body, size_t& i, std::string& into) {
  size_t width = body[i] == 'x' ? 2 : body[i] == 'u' ? 4 : 8;
  if (i + width >= body.size()) return false;
  unsigned long code = 0;
  const char* first = body.data() + i + 1;
  auto [stop, error] = std::from_chars(first, first + width, code, 16);
  bool surrogate = code >= 0xD800 && code < 0xE000;
  if (error != std::errc() || stop != first + width || code > 0x10FFFF || surrogate) return false;
  append_utf8(code, into);
  i += width;
  return true;
}

}  // namespace

std::optional<ConstantValue> parse_number(std::string_view raw) {
  std::optional<std::string> clean = without_underscores(raw);
  if (!clean || clean->empty()) return std::nullopt;
  std::string text = *clean;
  char prefix = text.size() > 1 && text[0] == '0' ? static_cast<char>(text[1] | 0x20) : ' ';
  if (prefix == 'x') return parse_integer(text.substr(2), 16);
  if (prefix == 'o') return parse_integer(text.substr(2), 8);
  if (prefix == 'b') return parse_integer(text.substr(2), 2);
  bool imaginary = text.back() == 'j' || text.back() == 'J';
  if (imaginary) text.pop_back();
  if (text.find_first_not_of("0123456789") == std::string::npos && !imaginary) {
    bool leading_zero = text.size() > 1 && text[0] == '0' && text.find_first_not_of('0') != std::string::npos;
    if (leading_zero) return std::nullopt;
    return parse_integer(text, 10);
  }
  if (text.find_first_not_of("0123456789.eE+-") != std::string::npos) return std::nullopt;
  std::optional<double> value = parse_double(text);
  if (!value) return std::nullopt;
  if (imaginary) return ConstantValue(std::complex<double>(0, *value));
  return ConstantValue(*value);
}

bool unescape(std::string_view body, bool raw, std::string& into) {
  for (size_t i = 0; i < body.size(); ++i) {
    if (raw || body[i] != '\\') {
      into += body[i];
      continue;
    }
    static constexpr std::string_view letters = "abfnrtv\\'\"", values = "\a\b\f\n\r\t\v\\'\"";
    char c = body[++i];
    if (size_t at = letters.find(c); at != std::string_view::npos) {
      into += values[at];
    } else if (c == '\n') {
      continue;
    } else if (c == 'x' || c == 'u' || c == 'U') {
      if (!hexadecimal_escape(body, i, into)) return false;
    } else if (c >= '0' && c <= '7') {
      unsigned long code = 0;
      size_t last = std::min(i + 3, body.size());
      for (; i < last && body[i] >= '0' && body[i] <= '7'; ++i)
        code = code * 8 + static_cast<unsigned long>(body[i] - '0');
      --i;
      append_utf8(code, into);
    } else if (c == 'N') {
      return false;
    } else {
      into += '\\';
      into += c;
    }
  }
  return true;
}

std::string spell(double value) {
  if (std::isinf(value)) return value > 0 ? "1e309" : "-1e309";
  if (std::isnan(value)) return "nan";
  // Python's repr: the shortest digits that read back; positional from 1e-4 up to 1e16, scientific beyond.
  char buffer[64];
  double size = std::fabs(value);
  bool positional = size == 0 || (size >= 1e-4 && size < 1e16);
  auto form = positional ? std::chars_format::fixed : std::chars_format::scientific;
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, form).ptr);
  if (positional && text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string spell(const std::string& value) {
  char quote = value.find('\'') != std::string::npos && value.find('"') == std::string::npos ? '"' : '\'';
  std::string out(1, quote);
  for (char c : value) {
    static constexpr std::string_view hex = "0123456789abcdef";
    auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + quote;
}

}  // namespace thalweg::syntax
