//! What the typed tree says of small programs.

use snow_diagnostics::Problems;
use snow_syntax::ast::{
    Ast, BinaryOperator, Body, Expr, Item, LiteralValue, Pattern, PrefixOperator, Root, Statement,
    StringPart, Type,
};
use snow_syntax::parse;
use snow_text::SourceId;

fn root(text: &str) -> Root {
    let mut problems = Problems::default();
    let tree = parse(SourceId(3), text, &mut problems);
    assert!(!problems.has_errors(), "{text}: {:?}", problems.sorted());
    tree.root()
}

/// The expression, as the body of a function.
fn expr(text: &str) -> Expr {
    let root = root(&format!("fn f() = {text}\n"));
    let Some(Item::Function(function)) = root.items().next() else { panic!("{text}") };
    let Some(Body::Expr(expr)) = function.body() else { panic!("{text}") };
    expr
}

fn pattern(text: &str) -> Pattern {
    let Expr::Case(case) = expr(&format!("case x do {text} -> 1 end")) else { panic!("{text}") };
    case.arms()[0].pattern().unwrap()
}

fn parts(text: &str) -> Vec<String> {
    let Expr::String(string) = expr(text) else { panic!("{text}") };
    let show = |part| match part {
        StringPart::Text(text) => format!("{text:?}"),
        StringPart::Expr(expr) => expr.node().syntax().text().to_string(),
    };
    string.parts().into_iter().map(show).collect()
}

#[test]
fn numbers_have_values() {
    let int = |text| match expr(text) {
        Expr::Int(int) => int.value().unwrap(),
        Expr::Prefix(prefix) => prefix.negated_int().unwrap().unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(int("1_000"), 1000);
    assert_eq!(int("0xff"), 255);
    assert_eq!(int("-5"), -5);
    assert_eq!(int("-9223372036854775808"), i64::MIN);
    let Expr::Float(float) = expr("1.5e3") else { panic!() };
    assert_eq!(float.value(), 1500.0);
    let Expr::Prefix(not) = expr("not a") else { panic!() };
    assert_eq!((not.operator(), not.negated_int()), (PrefixOperator::Not, None));
    let Expr::Prefix(call) = expr("-5.abs()") else { panic!() };
    assert_eq!(call.negated_int(), None);
}

#[test]
fn strings_have_parts() {
    assert_eq!(parts("\"\""), Vec::<String>::new());
    assert_eq!(parts(r#""a\n\u{e9}\$ ${x}${"y"} b""#), ["\"a\\né$ \"", "x", "\"y\"", "\" b\""]);
    let block = "\"\"\"\n    one ${x}\n      two\\n\n\n  short\n    \"\"\"";
    assert_eq!(parts(block), ["\"one \"", "x", "\"\\n  two\\n\\n\\nshort\\n\""]);
    assert_eq!(parts("\"\"\"on one line\"\"\""), ["\"on one line\""]);
    assert_eq!(parts("\"\"\"\r\n  a\r\n  b\r\n  \"\"\""), ["\"a\\nb\\n\""]);
    assert_eq!(parts("\"two\n  lines\""), ["\"two\\n  lines\""]);
}

#[test]
fn spans_leave_out_what_is_around() {
    let text = "\n## Doc.\n# note\nfn f(a) do\n  a\nend\n\n# end\n";
    let root = root(text);
    let item = root.items().next().unwrap();
    let span = item.span();
    assert_eq!(&text[span.start as usize..span.end as usize], "fn f(a) do\n  a\nend");
    assert_eq!(span.source, SourceId(3));
    let Item::Function(function) = item else { panic!() };
    assert_eq!(function.docs().as_deref(), Some("Doc."));
    assert_eq!(function.name().unwrap().text(), "f");
    let Some(Body::Block(block)) = function.body() else { panic!() };
    let span = block.statements()[0].node().span();
    assert_eq!(&text[span.start as usize..span.end as usize], "a");
}

#[test]
fn items_have_parts() {
    let text = "##! About.\nimport A.B as C\nfrom D import e, F\npub struct P<T> opaque do x :: T = 1 end deriving()
type S do A | B(Int, n :: String) end
interface I: Eq + Ord do type Item\n fn m(self) -> Int end
impl I for List<T> where T: Eq + Hash do type Item = T\n fn m(self) = 1 end\nimpl P do end
service V do fn init() = 1\n call Get(a) :: Int do |s| (s, a) end\n cast Set() do |_| 1 end\n receive do |s| _ -> s end end
supervisor W do strategy: one_for_one\n child c do restart: permanent end end
test \"t\", timeout: 5 do assert(a, \"b\") end\n";
    let root = root(text);
    let items: Vec<Item> = root.items().collect();
    assert_eq!(root.docs().as_deref(), Some("About."));
    let Item::Import(import) = &items[0] else { panic!() };
    assert_eq!(import.path().unwrap().segments().len(), 2);
    assert_eq!(import.alias().unwrap().text(), "C");
    let Item::FromImport(from) = &items[1] else { panic!() };
    assert_eq!(from.names().iter().map(|name| name.text()).collect::<Vec<_>>(), ["e", "F"]);
    let Item::Struct(point) = &items[2] else { panic!() };
    assert!(point.is_pub() && point.is_opaque() && point.deriving().unwrap().interfaces().is_empty());
    assert!(point.fields()[0].default().is_some() && point.fields()[0].ty().is_some());
    let Item::SumType(sum) = &items[3] else { panic!() };
    assert_eq!(sum.variants()[1].fields()[1].name().unwrap().text(), "n");
    let Item::Interface(interface) = &items[4] else { panic!() };
    assert_eq!((interface.supers().len(), interface.types().len(), interface.functions().len()), (2, 1, 1));
    assert!(interface.functions()[0].body().is_none());
    let Item::Impl(list) = &items[5] else { panic!() };
    assert!(list.interface().is_some() && matches!(list.subject(), Some(Type::Path(_))));
    assert_eq!(list.predicates()[0].bounds().len(), 2);
    assert!(list.types()[0].ty().is_some());
    let Item::Impl(inherent) = &items[6] else { panic!() };
    assert!(inherent.interface().is_none() && inherent.subject().is_some());
    let Item::Service(service) = &items[7] else { panic!() };
    assert!(service.calls()[0].state().is_some() && service.calls()[0].reply_type().is_some());
    assert_eq!((service.functions().len(), service.casts().len()), (1, 1));
    assert_eq!(service.receive().unwrap().arms().len(), 1);
    let Item::Supervisor(supervisor) = &items[8] else { panic!() };
    assert_eq!(supervisor.settings().len(), 1);
    assert_eq!(supervisor.children()[0].settings()[0].name().unwrap().text(), "restart");
    let Item::Test(test) = &items[9] else { panic!() };
    assert_eq!((test.title().unwrap().text().as_str(), test.options().len()), ("t", 1));
    let Statement::Expr(statement) = &test.body().unwrap().statements()[0] else { panic!() };
    let Expr::Assert(assert) = statement.expr() else { panic!() };
    assert!(assert.condition().is_some() && assert.text().is_some());
}

#[test]
fn expressions_have_parts() {
    let Expr::Binary(binary) = expr("a |> f(_, 2, n: 3)") else { panic!() };
    assert_eq!(binary.operator().unwrap().0, BinaryOperator::Pipe);
    let Some(Expr::Call(call)) = binary.right() else { panic!() };
    assert!(matches!(call.args()[0].value(), Some(Expr::Placeholder(_))));
    assert_eq!(call.args()[2].name().unwrap().text(), "n");
    let Expr::If(branches) = expr("if a do 1 else if b do 2 else 3 end") else { panic!() };
    assert_eq!(branches.branches().len(), 2);
    assert!(branches.else_block().is_some());
    let Expr::Closure(closure) = expr("fn 0 -> 1 | n when n > 1 -> 2 end") else { panic!() };
    assert_eq!(closure.clauses().len(), 2);
    assert!(closure.clauses()[1].guard().is_some());
    let Expr::For(each) = expr("for x in xs when x > 1, y in ys do x end") else { panic!() };
    assert!(each.generators()[0].condition().is_some() && each.generators()[1].condition().is_none());
    let Expr::Tagged(tagged) = expr("{:\"a b\", 1}") else { panic!() };
    assert_eq!((tagged.tag().unwrap().text(), tagged.payload().len()), ("a b", 1));
    let Expr::List(list) = expr("[1, ..xs]") else { panic!() };
    assert!(list.items().len() == 1 && list.rest().is_some());
    let Expr::Update(update) = expr("%{p | x: 1}") else { panic!() };
    assert!(update.base().is_some() && update.fields().len() == 1 && update.entries().is_empty());
    let Expr::Field(field) = expr("Net.Tcp.open") else { panic!() };
    assert!(matches!(field.base(), Some(Expr::Path(path)) if path.path().unwrap().segments().len() == 2));
    let Expr::Receive(receive) = expr("receive do :a -> 1\n after 5 -> 2 end") else { panic!() };
    assert!(receive.arms().len() == 1 && receive.after().unwrap().timeout().is_some());
}

#[test]
fn patterns_have_parts() {
    let Pattern::Literal(literal) = pattern("-9223372036854775808") else { panic!() };
    assert_eq!(literal.value(), Some(LiteralValue::Int(Ok(i64::MIN))));
    let Pattern::Literal(literal) = pattern("b\"\\xff\"") else { panic!() };
    assert_eq!(literal.value(), Some(LiteralValue::Bytes(vec![255])));
    let Pattern::Record(record) = pattern("P { x: 1, y, .. }") else { panic!() };
    assert!(record.is_open() && record.fields()[1].pattern().is_none());
    let Pattern::List(list) = pattern("[a, ..]") else { panic!() };
    assert!(list.rest().unwrap().pattern().is_none());
    let Pattern::Or(or) = pattern("1 | 2 | 3") else { panic!() };
    assert_eq!(or.alternatives().len(), 3);
    let Pattern::Variant(variant) = pattern("A.B(x, n: y)") else { panic!() };
    assert_eq!((variant.args().len(), variant.fields().len()), (1, 1));
    let Pattern::Range(range) = pattern("1..=9") else { panic!() };
    assert!(range.is_inclusive() && range.start().is_some() && range.end().is_some());
}
