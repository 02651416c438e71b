//! Programs that exercise the generator; each gives `main: (closure) -> Int` and the result it computes.

use snow_abi::failure::Failure;
use snow_abi::primitives::Primitive;
use snow_abi::value::Class::{self, Float, Int, Ref};
use snow_mono::ir::{
    Call, Condition, End, FloatOp, FunctionId, IntOp, Operand, Operation, Program, Static, StaticWord,
};

use super::builder::{self, Body, layout_of};

/// A program by name; its main crashes when the result is wrong.
pub struct Example {
    pub name: &'static str,
    pub program: Program,
}

/// All of them.
pub fn all() -> Vec<Example> {
    vec![
        example("fib", 6765, fib),
        example("loop", 5_000_050_000, counting_loop),
        example("lists", 500_500, lists),
        example("closures", 60, closures),
        example("many_arguments", 78, many_arguments),
        example("many_results", 36, many_results),
        example("many_live", 11_325, many_live),
        example("tail_resize", 1_000, tail_resize),
        example("switches", 12_975, switches),
        example("statics", 42, statics),
        example("floats", 7, floats),
        example("nested_loops", 4_500, nested_loops),
        example("knot", 1, knot),
        example("deep", 10_000, deep),
        example("bits", 26, bits),
        example("texts", 1_112_233, texts),
    ]
}

fn example(name: &'static str, result: i64, build: fn(&mut Program) -> FunctionId) -> Example {
    let mut program = builder::program();
    let main = build(&mut program);
    let checked = checked(&mut program, main, result);
    builder::set_main(&mut program, checked);
    Example { name, program }
}

/// Calls `main` and crashes when it gives another result.
pub fn checked(p: &mut Program, main: FunctionId, result: i64) -> FunctionId {
    builder::function(p, "checked", &[Ref], &[Int], |b, args| {
        let given = b.call(Int, main, &[args[0]]);
        let right = b.compare(Condition::Equal, given, i(result));
        b.branch(right, |_| ret(i(result)), |_| End::Fail(Failure::AddOverflow, given, i(result)))
    })
}

fn i(value: i64) -> Operand {
    Operand::Int(value)
}

fn ret(value: Operand) -> End {
    End::Return(vec![value])
}

fn fib(p: &mut Program) -> FunctionId {
    let fib = builder::declare(p, "fib", &[Int], &[Int]);
    builder::define(p, fib, |b, args| {
        let small = b.compare(Condition::Less, args[0], i(2));
        let n = args[0];
        b.branch(
            small,
            |_| ret(n),
            |b| {
                let less = b.int(IntOp::Sub, n, i(1));
                let x = b.call(Int, fib, &[less]);
                let less = b.int(IntOp::Sub, n, i(2));
                let y = b.call(Int, fib, &[less]);
                let sum = b.int(IntOp::Add, x, y);
                ret(sum)
            },
        )
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let x = b.call(Int, fib, &[i(20)]);
        ret(x)
    })
}

fn counting_loop(p: &mut Program) -> FunctionId {
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let head = b.join(&[Int, Int], true, |b, head, params| {
            let (n, sum) = (params[0], params[1]);
            let over = b.compare(Condition::Equal, n, i(0));
            b.branch(
                over,
                |_| ret(sum),
                |b| {
                    let sum = b.int(IntOp::Add, sum, n);
                    let n = b.int(IntOp::Sub, n, i(1));
                    End::Jump(head, vec![n, sum])
                },
            )
        });
        End::Jump(head, vec![i(100_000), i(0)])
    })
}

/// A list from n down to 1, made by a loop that allocates.
fn build_list(p: &mut Program) -> FunctionId {
    builder::function(p, "build", &[Int], &[Ref], |b, args| {
        let head = b.join(&[Int, Ref], true, |b, head, params| {
            let (n, list) = (params[0], params[1]);
            let over = b.compare(Condition::Equal, n, i(0));
            b.branch(
                over,
                |_| ret(list),
                |b| {
                    let list = b.cons(n, list);
                    let n = b.int(IntOp::Sub, n, i(1));
                    End::Jump(head, vec![n, list])
                },
            )
        });
        End::Jump(head, vec![args[0], Operand::Immediate(0)])
    })
}

fn sum_list(p: &mut Program) -> FunctionId {
    let sum = builder::declare(p, "sum", &[Ref, Int], &[Int]);
    builder::define(p, sum, |b, args| {
        let total = args[1];
        b.on_list(
            args[0],
            |_| ret(total),
            |b, head, tail| {
                let total = b.int(IntOp::Add, total, head);
                End::TailCall(Call::Direct(sum, vec![tail, total]))
            },
        )
    });
    sum
}

/// Not a tail call: a reference is live in every frame.
fn map_list(p: &mut Program) -> FunctionId {
    let map = builder::declare(p, "map", &[Ref, Ref], &[Ref]);
    builder::define(p, map, |b, args| {
        let function = args[1];
        b.on_list(
            args[0],
            |_| ret(Operand::Immediate(0)),
            |b, head, tail| {
                let mapped = b.calls(&[Int], Call::Closure(function, vec![head]))[0];
                let rest = b.call(Ref, map, &[tail, function]);
                let list = b.cons(mapped, rest);
                ret(list)
            },
        )
    });
    map
}

fn lists(p: &mut Program) -> FunctionId {
    let (build, sum) = (build_list(p), sum_list(p));
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let list = b.call(Ref, build, &[i(1000)]);
        let kept = b.call(Ref, build, &[i(1000)]);
        let total = b.call(Int, sum, &[list, i(0)]);
        let again = b.call(Int, sum, &[kept, i(0)]);
        let same = b.compare(Condition::Equal, total, again);
        b.branch(same, |_| ret(total), |_| ret(i(-1)))
    })
}

fn closures(p: &mut Program) -> FunctionId {
    let (build, sum, map) = (build_list(p), sum_list(p), map_list(p));
    let add = builder::function(p, "add", &[Ref, Int], &[Int], |b, args| {
        let captured = b.load(Int, args[0], 1);
        let boxed = b.load(Ref, args[0], 2);
        let more = b.load(Int, boxed, 0);
        let x = b.int(IntOp::Add, args[1], captured);
        let x = b.int(IntOp::Add, x, more);
        ret(x)
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let boxed = b.object(layout_of(&[Int]), 0, &[i(3)]);
        let layout = layout_of(&[Int, Int, Ref]);
        let closure =
            b.operation(Ref, Operation::Closure { function: add, layout, captures: vec![i(4), boxed] });
        let list = b.call(Ref, build, &[i(5)]);
        let mapped = b.call(Ref, map, &[list, closure]);
        let a = b.call(Int, sum, &[mapped, i(0)]);
        let last = b.calls(&[Int], Call::Closure(closure, vec![i(3)]))[0];
        let a = b.int(IntOp::Add, a, last);
        ret(a)
    })
}

fn add_all(b: &mut Body, terms: &[Operand]) -> Operand {
    terms.iter().fold(i(0), |sum, &term| b.int(IntOp::Add, sum, term))
}

fn many_arguments(p: &mut Program) -> FunctionId {
    let mut classes = vec![Int; 8];
    classes.extend([Float; 10]);
    classes.push(Ref);
    let add = builder::function(p, "add", &classes, &[Int], |b, args| {
        let mut floats = args[8];
        for &more in &args[9..18] {
            floats = b.operation(Float, Operation::Float(FloatOp::Add, floats, more));
        }
        let floats = primitive(b, Int, Primitive::float_to_int, &[floats]);
        let boxed = b.load(Int, args[18], 0);
        let mut terms = args[..8].to_vec();
        terms.extend([floats, boxed]);
        let sum = add_all(b, &terms);
        ret(sum)
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let boxed = b.object(layout_of(&[Int]), 0, &[i(32)]);
        let mut args: Vec<Operand> = (1..=8).map(i).collect();
        args.extend([Operand::Float(1.0); 10]);
        args.push(boxed);
        let sum = b.call(Int, add, &args);
        ret(sum)
    })
}

fn primitive(b: &mut Body, class: Class, primitive: Primitive, args: &[Operand]) -> Operand {
    b.operation(class, Operation::Primitive { primitive, args: args.to_vec(), generic: Int })
}

fn many_results(p: &mut Program) -> FunctionId {
    let results = [Int, Ref, Int, Int, Float, Int, Int, Ref];
    let give = builder::function(p, "give", &[Int], &results, |b, args| {
        let two = b.object(layout_of(&[Int]), 0, &[i(2)]);
        let eight = b.object(layout_of(&[Int]), 0, &[i(8)]);
        End::Return(vec![args[0], two, i(3), i(4), Operand::Float(5.0), i(6), i(7), eight])
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let mut given = b.calls(&results, Call::Direct(give, vec![i(1)]));
        given[1] = b.load(Int, given[1], 0);
        given[7] = b.load(Int, given[7], 0);
        given[4] = primitive(b, Int, Primitive::float_to_int, &[given[4]]);
        let sum = add_all(b, &given);
        ret(sum)
    })
}

/// 150 objects, each alive until the end, made around calls that collect.
fn many_live(p: &mut Program) -> FunctionId {
    let make = builder::function(p, "make", &[Int], &[Ref], |b, args| {
        let object = b.object(layout_of(&[Int]), 0, &[args[0]]);
        ret(object)
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let mut objects = Vec::new();
        for n in 1..=150 {
            objects.push(match n % 3 {
                0 => b.call(Ref, make, &[i(n)]),
                _ => b.object(layout_of(&[Int]), 0, &[i(n)]),
            });
        }
        let loaded: Vec<Operand> = objects.iter().map(|&object| b.load(Int, object, 0)).collect();
        let sum = add_all(b, &loaded);
        ret(sum)
    })
}

/// Tail calls between three and nine arguments, with an allocation in between.
fn tail_resize(p: &mut Program) -> FunctionId {
    let few = builder::declare(p, "few", &[Int, Ref, Int], &[Int]);
    let many = builder::declare(p, "many", &[Int, Int, Int, Int, Int, Int, Int, Ref, Int], &[Int]);
    builder::define(p, few, |b, args| {
        let (n, boxed, sum) = (args[0], args[1], args[2]);
        let over = b.compare(Condition::Equal, n, i(0));
        b.branch(
            over,
            |_| ret(sum),
            |b| {
                let value = b.load(Int, boxed, 0);
                let fresh = b.object(layout_of(&[Int]), 0, &[value]);
                End::TailCall(Call::Direct(many, vec![n, i(1), i(2), i(3), i(4), i(5), i(6), fresh, sum]))
            },
        )
    });
    builder::define(p, many, |b, args| {
        let value = b.load(Int, args[7], 0);
        let fresh = b.object(layout_of(&[Int]), 0, &[value]);
        let n = b.int(IntOp::Sub, args[0], args[1]);
        let sum = b.int(IntOp::Add, args[8], value);
        End::TailCall(Call::Direct(few, vec![n, fresh, sum]))
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let boxed = b.object(layout_of(&[Int]), 0, &[i(1)]);
        End::TailCall(Call::Direct(few, vec![i(1000), boxed, i(0)]))
    })
}

/// A dense switch (a jump table), a sparse one, negative values, a default, and a join behind them.
fn switches(p: &mut Program) -> FunctionId {
    let pick = builder::function(p, "pick", &[Int], &[Int], |b, args| {
        let done = b.join(&[Int], false, |b, _, params| {
            let sum = b.int(IntOp::Add, params[0], i(1));
            ret(sum)
        });
        let mut cases: Vec<(i64, _)> = Vec::new();
        for value in (0..20).chain([-5, 1 << 40]) {
            cases.push((value, b.block(|_| End::Jump(done, vec![i(value % 1000 * 10)]))));
        }
        let default = Some(Box::new(b.block(|_| End::Jump(done, vec![i(5000)]))));
        End::Switch { on: args[0], cases, default }
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let terms = [7, 19, -5, 77, 1 << 40].map(|n| b.call(Int, pick, &[i(n)]));
        let sum = add_all(b, &terms);
        let exact = b.int(IntOp::Sub, sum, i(1 << 40));
        let exact = b.int(IntOp::Add, exact, i(1 << 40));
        ret(exact)
    })
}

fn statics(p: &mut Program) -> FunctionId {
    let inner = p.statics.push(Static::Object {
        layout: layout_of(&[Int, Ref]),
        tag: 1,
        words: vec![StaticWord::Raw(30), StaticWord::Raw(0)],
    });
    let outer = p.statics.push(Static::Object {
        layout: layout_of(&[Int, Ref]),
        tag: 1,
        words: vec![StaticWord::Raw(7), StaticWord::Static(inner)],
    });
    let text = p.statics.push(Static::Text(b"hello".to_vec()));
    let sum = sum_list(p);
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let list = b.call(Int, sum, &[Operand::Static(outer), i(0)]);
        let length = b.load(Int, Operand::Static(text), 0);
        let x = b.int(IntOp::Add, list, length);
        ret(x)
    })
}

fn floats(p: &mut Program) -> FunctionId {
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let f = Operand::Float;
        let boxed = b.object(layout_of(&[Float]), 0, &[f(2.5)]);
        let x = b.load(Float, boxed, 0);
        let x = b.operation(Float, Operation::Float(FloatOp::Mul, x, f(2.0)));
        let x = primitive(b, Float, Primitive::float_floor, &[x]);
        let less = b.operation(Int, Operation::FloatCompare(Condition::Less, x, f(f64::NAN)));
        let other = b.operation(Int, Operation::FloatCompare(Condition::NotEqual, x, f(f64::NAN)));
        let order = b.operation(Int, Operation::FloatOrder(f(0.0), f(-0.0)));
        let whole = primitive(b, Int, Primitive::float_to_int, &[x]);
        let sum = add_all(b, &[less, other, order, whole]);
        ret(sum)
    })
}

/// An inner loop that allocates inside an outer one whose reference stays alive.
fn nested_loops(p: &mut Program) -> FunctionId {
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let outer = b.join(&[Int, Ref], true, |b, outer, params| {
            let (n, total) = (params[0], params[1]);
            let over = b.compare(Condition::Equal, n, i(100));
            b.branch(
                over,
                |b| {
                    let sum = b.load(Int, total, 0);
                    ret(sum)
                },
                |b| {
                    let inner = b.join(&[Int, Ref], true, |b, inner, params| {
                        let (m, boxed) = (params[0], params[1]);
                        let over = b.compare(Condition::Equal, m, i(10));
                        b.branch(
                            over,
                            |b| {
                                let (x, y) = (b.load(Int, total, 0), b.load(Int, boxed, 0));
                                let sum = b.int(IntOp::Add, x, y);
                                let total = b.object(layout_of(&[Int]), 0, &[sum]);
                                let n = b.int(IntOp::Add, n, i(1));
                                End::Jump(outer, vec![n, total])
                            },
                            |b| {
                                let x = b.load(Int, boxed, 0);
                                let x = b.int(IntOp::Add, x, m);
                                let boxed = b.object(layout_of(&[Int]), 0, &[x]);
                                let m = b.int(IntOp::Add, m, i(1));
                                End::Jump(inner, vec![m, boxed])
                            },
                        )
                    });
                    let zero = b.object(layout_of(&[Int]), 0, &[i(0)]);
                    End::Jump(inner, vec![i(0), zero])
                },
            )
        });
        let zero = b.object(layout_of(&[Int]), 0, &[i(0)]);
        End::Jump(outer, vec![i(0), zero])
    })
}

/// Two local functions that know one another: even and odd.
fn knot(p: &mut Program) -> FunctionId {
    let step = |p: &mut Program, name, at_zero| {
        builder::function(p, name, &[Ref, Int], &[Int], |b, args| {
            let (closure, n) = (args[0], args[1]);
            let zero = b.compare(Condition::Equal, n, i(0));
            b.branch(
                zero,
                |_| ret(i(at_zero)),
                |b| {
                    let other = b.load(Ref, closure, 1);
                    let less = b.int(IntOp::Sub, n, i(1));
                    End::TailCall(Call::Closure(other, vec![less]))
                },
            )
        })
    };
    let (even, odd) = (step(p, "even", 1), step(p, "odd", 0));
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let layout = layout_of(&[Int, Ref]);
        let nothing = vec![Operand::Immediate(0)];
        let first = b.operation(Ref, Operation::Closure { function: even, layout, captures: nothing });
        let second = b.operation(Ref, Operation::Closure { function: odd, layout, captures: vec![first] });
        b.effect(Operation::SetCapture { closure: first, index: 1, value: second });
        End::TailCall(Call::Closure(first, vec![i(1000)]))
    })
}

/// Recursion that outgrows any first stack, an object alive in each frame.
fn deep(p: &mut Program) -> FunctionId {
    let count = builder::declare(p, "count", &[Int], &[Int]);
    builder::define(p, count, |b, args| {
        let n = args[0];
        let zero = b.compare(Condition::Equal, n, i(0));
        b.branch(
            zero,
            |_| ret(i(0)),
            |b| {
                let one = b.object(layout_of(&[Int]), 0, &[i(1)]);
                let less = b.int(IntOp::Sub, n, i(1));
                let rest = b.call(Int, count, &[less]);
                let one = b.load(Int, one, 0);
                let sum = b.int(IntOp::Add, rest, one);
                ret(sum)
            },
        )
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let x = b.call(Int, count, &[i(10_000)]);
        ret(x)
    })
}

fn bits(p: &mut Program) -> FunctionId {
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let x = primitive(b, Int, Primitive::int_shift_left, &[i(3), i(4)]);
        let y = primitive(b, Int, Primitive::int_shift_right, &[i(-16), i(2)]);
        let ones = primitive(b, Int, Primitive::int_count_ones, &[i(255)]);
        let overflows = primitive(b, Int, Primitive::int_add_overflows, &[i(i64::MAX), i(1)]);
        let rest = b.int(IntOp::Rem, i(-7), i(4));
        let half = b.int(IntOp::Div, x, i(-2));
        let sum = add_all(b, &[x, y, ones, overflows, rest, half]);
        ret(sum)
    })
}

/// Rows that give references: each may collect when it returns.
fn texts(p: &mut Program) -> FunctionId {
    let mut text = |text: &str| Operand::Static(p.statics.push(Static::Text(text.as_bytes().to_vec())));
    let long = text(&"αβγδ,".repeat(50));
    let (comma, number) = (text(","), text(" 1_112_000 "));
    let count = builder::declare(p, "count", &[Ref, Int], &[Int]);
    builder::define(p, count, |b, args| {
        let total = args[1];
        b.on_list(
            args[0],
            |_| ret(total),
            |b, _, _| {
                let tail = b.load(Ref, args[0], 1);
                let total = b.int(IntOp::Add, total, i(1));
                End::TailCall(Call::Direct(count, vec![tail, total]))
            },
        )
    });
    builder::function(p, "main", &[Ref], &[Int], |b, _| {
        let read = primitive(b, Ref, Primitive::string_to_int, &[number, i(10)]);
        let twice = primitive(b, Ref, Primitive::string_append, &[long, long]);
        let pieces = primitive(b, Ref, Primitive::string_split, &[twice, comma]);
        let again = primitive(b, Ref, Primitive::string_join, &[pieces, comma]);
        let same = primitive(b, Int, Primitive::string_equal, &[again, twice]);
        let part = primitive(b, Ref, Primitive::string_slice, &[again, i(100), i(230)]);
        let length = primitive(b, Int, Primitive::string_length, &[part]);
        let bytes = primitive(b, Ref, Primitive::bytes_from_hex, &[long]);
        let none = b.operation(Int, Operation::SameWord(bytes, Operand::Immediate(0)));
        let pieces = b.call(Int, count, &[pieces, i(0)]);
        let value = b.load(Int, read, 0);
        let sum = add_all(b, &[value, same, length, none, pieces]);
        ret(sum)
    })
}
