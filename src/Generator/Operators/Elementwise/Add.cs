using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Add: y = a + b with multidirectional broadcasting; integers wrap.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Add.html · Types: f32, f64, integers · Opsets: 7 replaced the broadcast attribute; 14 added small integers.</remarks>
internal sealed class Add : BinaryOperator
{
    public Add()
        : base("Add", new DelegateFunction("Add", 2, "{0} + {1}")
        {
            Real = static x => x[0] + x[1],
            Integer = static x => unchecked(x[0] + x[1]),
            Float = static (_, x) => $"{x[0]} + {x[1]}",
            Doubles = static (_, x) => $"{x[0]} + {x[1]}",
            Native = static (_, _, x) => $"{x[0]} + {x[1]}",
            Other = static (type, x) => $"({type.CSharpName()})({x[0]} + {x[1]})",
            Cheap = true,
        })
    {
    }

    protected override double? LeftNeutral => 0;

    protected override double? RightNeutral => 0;
}
