// Builds the stub field by field: header, .dynstr, .dynsym, .dynamic and the section table that lld reads.
#include "elf_stub.h"

#include <elf.h>

#include <cstring>

namespace thalweg::jit {
namespace {

template <class T>
size_t append(std::string& bytes, const T* items, size_t count) {
  bytes.resize((bytes.size() + 7) / 8 * 8);
  size_t at = bytes.size();
  bytes.append(reinterpret_cast<const char*>(items), sizeof(T) * count);
  return at;
}

Elf64_Shdr section(uint32_t type, size_t at, size_t size, uint32_t link, uint64_t entry_size) {
  Elf64_Shdr header{};
  header.sh_type = type;
  header.sh_flags = SHF_ALLOC;
  header.sh_addr = header.sh_offset = at;
  header.sh_size = size;
  header.sh_link = link;
  header.sh_info = type == SHT_DYNSYM ? 1 : 0;  // one local symbol: the null one
  header.sh_addralign = 8;
  header.sh_entsize = entry_size;
  return header;
}

}  // namespace

std::string shared_object_stub(const std::string& soname) {
  std::string bytes(sizeof(Elf64_Ehdr), '\0');
  const std::string strings = '\0' + soname + '\0';
  size_t strings_at = append(bytes, strings.data(), strings.size());
  const Elf64_Sym null_symbol{};
  size_t symbols_at = append(bytes, &null_symbol, 1);
  Elf64_Dyn dynamic[5] = {};
  dynamic[0].d_tag = DT_SONAME;
  dynamic[0].d_un.d_val = 1;
  dynamic[1].d_tag = DT_STRTAB;
  dynamic[1].d_un.d_ptr = strings_at;
  dynamic[2].d_tag = DT_STRSZ;
  dynamic[2].d_un.d_val = strings.size();
  dynamic[3].d_tag = DT_SYMTAB;
  dynamic[3].d_un.d_ptr = symbols_at;
  dynamic[4].d_tag = DT_NULL;
  size_t dynamic_at = append(bytes, dynamic, 5);

  const Elf64_Shdr sections[4] = {
      Elf64_Shdr{},
      section(SHT_STRTAB, strings_at, strings.size(), 0, 0),
      section(SHT_DYNSYM, symbols_at, sizeof(Elf64_Sym), 1, sizeof(Elf64_Sym)),
      section(SHT_DYNAMIC, dynamic_at, sizeof dynamic, 1, sizeof(Elf64_Dyn)),
  };
  size_t sections_at = append(bytes, sections, 4);

  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_shoff = sections_at;
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 4;
  header.e_shstrndx = 1;
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

}  // namespace thalweg::jit
