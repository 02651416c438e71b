//! Writes programs of many lines, to measure the compiler on: groups of functions as people write them, each called once.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// File names in the directory of measurements, and about how many lines they have.
pub const FILES: [(&str, usize); 2] = [("lines_10k.snow", 10_000), ("lines_100k.snow", 100_000)];

/// Writes the programs.
pub fn write(directory: &Path) -> std::io::Result<()> {
    FILES.iter().try_for_each(|(name, lines)| fs::write(directory.join(name), program(*lines)))
}

/// One group; `@` stands for its number.
const GROUP: &str = r##"## Something that is sold.
struct Item@ do
  name :: String
  price :: Int
  tags :: List<String>
end deriving(Eq, Debug)

type Order@ do
  Empty@
  Single@(Item@)
  Many@(List<Item@>, String)
end

fn total_@(order :: Order@) -> Int do
  case order do
    Empty@ -> 0
    Single@(item) -> item.price
    Many@(items, _) -> List.reduce(items, 0, fn(sum, item :: Item@) -> sum + item.price end)
  end
end

fn discount_@(price, percent) do
  if percent <= 0 do
    price
  else if percent >= 100 do
    0
  else
    price - price * percent / 100
  end
end

fn describe_@(item :: Item@) -> String do
  let tags = String.join(List.map(item.tags, fn tag -> "#${tag}" end), " ")
  "${item.name} at ${discount_@(item.price, @)} ${tags}"
end

fn index_@(items :: List<Item@>) -> Map<String, Int> do
  List.reduce(items, Map.new(), fn(map, item :: Item@) -> Map.put(map, item.name, item.price) end)
end

fn group_@() do
  let pen = Item@ { name: "pen", price: 120 + @, tags: ["office", "blue"] }
  let ink = Item@ { name: "ink", price: 80, tags: [] }
  let order = Many@([pen, ink], "for ${describe_@(pen)}")
  let found = Map.find(index_@([pen, ink]), "ink")
  case found do
    Some(price) when price < 100 -> total_@(order) + price
    Some(price) -> price
    None -> total_@(Single@(ink)) - total_@(Empty@)
  end
end

"##;

/// A program of about so many lines.
fn program(lines: usize) -> String {
    let groups = lines / (GROUP.lines().count() + 1);
    let mut text = String::new();
    for number in 0..groups {
        text += &GROUP.replace('@', &number.to_string());
    }
    text += "fn main() do\n";
    for number in 0..groups {
        let _infallible = writeln!(text, "  println(group_{number}())");
    }
    text + "end\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_long_as_asked() {
        let text = program(10_000);
        assert!((9_800..=10_000).contains(&text.lines().count()), "{}", text.lines().count());
        assert!(text.contains("fn group_0() do") && text.contains("println(group_0())"));
    }
}
