//! Items: what stands at the top level of a file, and its parts.

use super::{Block, Expr, Name, Node, Path, Pattern, StringLiteral, Type, ast_enum, ast_nodes};
use crate::ast::{After, Arg, Ast, MatchArm};
use crate::kind::SyntaxKind;

ast_enum! {
    /// What a file consists of.
    Item {
        Import(Import),
        FromImport(FromImport),
        Function(Function),
        Struct(Struct),
        SumType(SumType),
        TypeAlias(TypeAlias),
        Interface(Interface),
        Impl(Impl),
        Actor(Actor),
        Service(Service),
        Supervisor(Supervisor),
        Constant(Constant),
        Test(Test),
    }
}

ast_nodes! {
    /// `import Net.TcpServer [as T]`
    Import = Import;
    /// `from Net.TcpServer import f, Config`
    FromImport = FromImport;
    /// `[pub] fn name<T>(params) -> Type where … when guard (= expr | do … end)`: one clause. Also a local
    /// function, a method, and a signature without body in an interface.
    Function = Function;
    /// `struct Name<T> do field :: Type [= default] … end [deriving(…)]`
    Struct = Struct;
    /// One field of a struct.
    StructField = StructField;
    /// `type Name<T> do Variant(…) … end [deriving(…)]`
    SumType = SumType;
    /// One variant of a sum type.
    Variant = Variant;
    /// One field of a variant: `Type` or `name :: Type`.
    VariantField = VariantField;
    /// `type Name<T> = Type`
    TypeAlias = TypeAlias;
    /// `interface Name<T>: Super do … end`
    Interface = Interface;
    /// `impl Type do … end` and `impl Name for Type where … do … end`
    Impl = Impl;
    /// `type Item` in an interface, `type Item = Type` in an impl.
    AssociatedType = AssociatedType;
    /// `actor name(params) do … [terminate do … end] end`
    Actor = Actor;
    /// `terminate do [|state|] … end`
    Terminate = Terminate;
    /// `service Name do … end`
    Service = Service;
    /// `call Get(x :: Int) :: Int do |state| … end`
    CallHandler = CallHandler;
    /// `cast Reset() do |state| … end`
    CastHandler = CastHandler;
    /// `receive do |state| PATTERN -> … end` of a service.
    ReceiveHandler = ReceiveHandler;
    /// `|state|`
    StateParam = StateParam;
    /// `supervisor Name do … end`
    Supervisor = Supervisor;
    /// `strategy: one_for_one`
    Setting = Setting;
    /// `child c do … end`
    Child = Child;
    /// `let NAME = constant` at the top level.
    Constant = Constant;
    /// `test "name", timeout: 5000 do … end`
    Test = Test;
    /// `deriving(Eq, Json)`
    Deriving = Deriving;
    /// `<T, U>`
    GenericParams = GenericParams;
    /// `T`, `T: Ord + Hash`
    GenericParam = GenericParam;
    /// `(x, y :: Int = 1)`, or the parameter of a closure without parentheses.
    ParamList = ParamList;
    /// `PATTERN [:: Type] [= default]`
    Param = Param;
    /// `-> Type` of a function, `:: Type` of a call handler.
    ReturnType = ReturnType;
    /// `where T: Ord + Hash, U: Eq`
    WhereClause = WhereClause;
    /// `T: Ord + Hash`
    WherePredicate = WherePredicate;
    /// `when condition`
    Guard = Guard;
}

macro_rules! definition {
    ($($name:ident)*) => {
        $(impl $name {
            /// The name it defines.
            pub fn name(&self) -> Option<Name> {
                self.0.name()
            }

            /// The `##` lines in front of it.
            pub fn docs(&self) -> Option<String> {
                self.0.docs()
            }

            /// Whether it says `pub`.
            pub fn is_pub(&self) -> bool {
                self.0.has(SyntaxKind::PubKeyword)
            }
        })*
    };
}

macro_rules! generic {
    ($($name:ident)*) => {
        $(impl $name {
            /// The type parameters it declares.
            pub fn generics(&self) -> Vec<GenericParam> {
                self.0.child::<GenericParams>().map_or_else(Vec::new, |list| list.0.children().collect())
            }
        })*
    };
}

macro_rules! constrained {
    ($($name:ident)*) => {
        $(impl $name {
            /// The predicates behind `where`.
            pub fn predicates(&self) -> Vec<WherePredicate> {
                self.0.child::<WhereClause>().map_or_else(Vec::new, |clause| clause.0.children().collect())
            }
        })*
    };
}

definition!(Function Struct SumType TypeAlias Interface Actor Service Supervisor Constant Variant StructField);
definition!(AssociatedType);
generic!(Function Struct SumType TypeAlias Interface Impl Actor);
constrained!(Function Interface Impl Actor Struct SumType);

impl Item {
    /// Whether it says `pub`.
    pub fn is_pub(&self) -> bool {
        self.node().has(SyntaxKind::PubKeyword)
    }

    /// The name it defines; imports, impls and tests define none.
    pub fn name(&self) -> Option<Name> {
        self.node().name()
    }
}

impl Import {
    /// The module.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }

    /// The name behind `as`.
    pub fn alias(&self) -> Option<Name> {
        self.0.name()
    }
}

impl FromImport {
    /// The module.
    pub fn path(&self) -> Option<Path> {
        self.0.child()
    }

    /// The imported names.
    pub fn names(&self) -> Vec<Name> {
        let imported = self.0.syntax.children().filter(|child| child.kind() == SyntaxKind::ImportedName);
        imported.filter_map(|syntax| Node { source: self.0.source, syntax }.name()).collect()
    }
}

/// What follows the head of a function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Body {
    /// `= expr`
    Expr(Expr),
    /// `do … end`
    Block(Block),
}

impl Function {
    /// The parameters.
    pub fn params(&self) -> Vec<Param> {
        params_of(&self.0)
    }

    /// The type behind `->`.
    pub fn return_type(&self) -> Option<Type> {
        return_type_of(&self.0)
    }

    /// The condition behind `when`.
    pub fn guard(&self) -> Option<Expr> {
        guard_of(&self.0)
    }

    /// The body; signatures of an interface have none.
    pub fn body(&self) -> Option<Body> {
        match self.0.child::<Block>() {
            Some(block) => Some(Body::Block(block)),
            None => self.0.child::<Expr>().map(Body::Expr),
        }
    }
}

pub(crate) fn params_of(node: &Node) -> Vec<Param> {
    node.child::<ParamList>().map_or_else(Vec::new, |list| list.0.children().collect())
}

pub(crate) fn guard_of(node: &Node) -> Option<Expr> {
    node.child::<Guard>()?.condition()
}

fn return_type_of(node: &Node) -> Option<Type> {
    node.child::<ReturnType>()?.0.child()
}

fn state_of(node: &Node) -> Option<Pattern> {
    node.child::<StateParam>()?.0.child()
}

impl Guard {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Param {
    /// The pattern; a plain name in most cases, `self` included.
    pub fn pattern(&self) -> Option<Pattern> {
        self.0.child()
    }

    /// The type behind `::`.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }

    /// The default behind `=`.
    pub fn default(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl GenericParam {
    /// Its name.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }

    /// The interfaces behind `:`.
    pub fn bounds(&self) -> Vec<Type> {
        self.0.children().collect()
    }
}

impl WherePredicate {
    /// What is constrained.
    pub fn subject(&self) -> Option<Type> {
        self.0.child()
    }

    /// The interfaces it must implement.
    pub fn bounds(&self) -> Vec<Type> {
        self.0.children().skip(1).collect()
    }
}

impl Struct {
    /// Its fields.
    pub fn fields(&self) -> Vec<StructField> {
        self.0.children().collect()
    }

    /// Whether its fields are hidden from other modules.
    pub fn is_opaque(&self) -> bool {
        self.0.tokens().any(|token| token.kind() == SyntaxKind::Ident && token.text() == "opaque")
    }

    /// The `deriving(…)` list; `None` without one.
    pub fn deriving(&self) -> Option<Deriving> {
        self.0.child()
    }
}

impl StructField {
    /// Its type.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }

    /// The default behind `=`.
    pub fn default(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Deriving {
    /// The interfaces, possibly none.
    pub fn interfaces(&self) -> Vec<Path> {
        self.0.children().collect()
    }
}

impl SumType {
    /// Its variants.
    pub fn variants(&self) -> Vec<Variant> {
        self.0.children().collect()
    }

    /// The `deriving(…)` list; `None` without one.
    pub fn deriving(&self) -> Option<Deriving> {
        self.0.child()
    }
}

impl Variant {
    /// Its fields.
    pub fn fields(&self) -> Vec<VariantField> {
        self.0.children().collect()
    }
}

impl VariantField {
    /// The name, when it has one.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }

    /// Its type.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }
}

impl TypeAlias {
    /// What the name stands for.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }
}

impl Interface {
    /// The interfaces behind `:`.
    pub fn supers(&self) -> Vec<Type> {
        self.0.children().collect()
    }

    /// Its associated types.
    pub fn types(&self) -> Vec<AssociatedType> {
        self.0.children().collect()
    }

    /// Its methods: signatures, and functions with a body, which are defaults.
    pub fn functions(&self) -> Vec<Function> {
        self.0.children().collect()
    }
}

impl AssociatedType {
    /// The type behind `=`.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }
}

impl Impl {
    /// The interface of `impl Interface for Type`.
    pub fn interface(&self) -> Option<Type> {
        if self.0.has(SyntaxKind::ForKeyword) { self.0.child() } else { None }
    }

    /// The type.
    pub fn subject(&self) -> Option<Type> {
        self.0.nth(usize::from(self.0.has(SyntaxKind::ForKeyword)))
    }

    /// Its associated types.
    pub fn types(&self) -> Vec<AssociatedType> {
        self.0.children().collect()
    }

    /// Its methods, a clause each.
    pub fn functions(&self) -> Vec<Function> {
        self.0.children().collect()
    }
}

impl Actor {
    /// The parameters.
    pub fn params(&self) -> Vec<Param> {
        params_of(&self.0)
    }

    /// The type behind `->`.
    pub fn return_type(&self) -> Option<Type> {
        return_type_of(&self.0)
    }

    /// The condition behind `when`.
    pub fn guard(&self) -> Option<Expr> {
        guard_of(&self.0)
    }

    /// The body.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }

    /// The `terminate do … end` part.
    pub fn terminate(&self) -> Option<Terminate> {
        self.0.child()
    }
}

impl Terminate {
    /// The pattern of `|state|`; services have one.
    pub fn state(&self) -> Option<Pattern> {
        state_of(&self.0)
    }

    /// What is to be done.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }
}

impl Service {
    /// `init` and the helper functions.
    pub fn functions(&self) -> Vec<Function> {
        self.0.children().collect()
    }

    /// The `call` handlers.
    pub fn calls(&self) -> Vec<CallHandler> {
        self.0.children().collect()
    }

    /// The `cast` handlers.
    pub fn casts(&self) -> Vec<CastHandler> {
        self.0.children().collect()
    }

    /// The `receive` part.
    pub fn receive(&self) -> Option<ReceiveHandler> {
        self.0.child()
    }

    /// The `terminate` part.
    pub fn terminate(&self) -> Option<Terminate> {
        self.0.child()
    }
}

macro_rules! handler {
    ($($name:ident)*) => {
        $(impl $name {
            /// Its name, capitalised.
            pub fn name(&self) -> Option<Name> {
                self.0.name()
            }

            /// The `##` lines in front of it.
            pub fn docs(&self) -> Option<String> {
                self.0.docs()
            }

            /// The parameters.
            pub fn params(&self) -> Vec<Param> {
                params_of(&self.0)
            }

            /// The pattern of `|state|`.
            pub fn state(&self) -> Option<Pattern> {
                state_of(&self.0)
            }

            /// What it does.
            pub fn body(&self) -> Option<Block> {
                self.0.child()
            }
        })*
    };
}

handler!(CallHandler CastHandler);

impl CallHandler {
    /// The type of the reply.
    pub fn reply_type(&self) -> Option<Type> {
        return_type_of(&self.0)
    }
}

impl ReceiveHandler {
    /// The pattern of `|state|`.
    pub fn state(&self) -> Option<Pattern> {
        state_of(&self.0)
    }

    /// The arms.
    pub fn arms(&self) -> Vec<MatchArm> {
        self.0.children().collect()
    }

    /// The `after` part.
    pub fn after(&self) -> Option<After> {
        self.0.child()
    }
}

impl Supervisor {
    /// `strategy: …` and the like, outside of children.
    pub fn settings(&self) -> Vec<Setting> {
        self.0.children().collect()
    }

    /// Its children in order.
    pub fn children(&self) -> Vec<Child> {
        self.0.children().collect()
    }
}

impl Setting {
    /// What is set.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }

    /// To what.
    pub fn value(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Child {
    /// Its name.
    pub fn name(&self) -> Option<Name> {
        self.0.name()
    }

    /// `start: …`, `restart: …` and the like.
    pub fn settings(&self) -> Vec<Setting> {
        self.0.children().collect()
    }
}

impl Constant {
    /// The type behind `::`.
    pub fn ty(&self) -> Option<Type> {
        self.0.child()
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        self.0.child()
    }
}

impl Test {
    /// The name, a string.
    pub fn title(&self) -> Option<StringLiteral> {
        self.0.child()
    }

    /// The named arguments behind the name.
    pub fn options(&self) -> Vec<Arg> {
        self.0.children().collect()
    }

    /// The body.
    pub fn body(&self) -> Option<Block> {
        self.0.child()
    }

    /// The `##` lines in front of it.
    pub fn docs(&self) -> Option<String> {
        self.0.docs()
    }
}
