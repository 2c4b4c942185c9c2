using AotCompiler.Ir;

namespace AotCompiler.Operators.Experimental;

/// <summary>DynamicSlice: Slice with starts, ends and axes as inputs.</summary>
internal sealed class DynamicSlice : ExperimentalOperator
{
    public DynamicSlice()
        : base("DynamicSlice")
    {
    }

    public override (int Min, int Max) InputCount => (3, 4);

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Op("Slice", node.Required(0), node.Required(1), node.Required(2), node.Input(3)));
}
