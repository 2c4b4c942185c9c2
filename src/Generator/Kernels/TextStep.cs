using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Computes each element from the text of strings, or text from elements; scalar.</summary>
internal sealed class TextStep : Step
{
    private readonly IReadOnlyList<TensorView> _inputs;
    private readonly TensorView _output;
    private readonly string _what;
    private readonly Func<IReadOnlyList<string>, string> _expression;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="inputs">Views of the output's shape, broadcast where need be.</param>
    /// <param name="output">What is written; plain.</param>
    /// <param name="what">What happens, for people.</param>
    /// <param name="expression">The result from the inputs' elements: strings as <c>string</c>, others as they are.</param>
    public TextStep(Node node, IReadOnlyList<TensorView> inputs, TensorView output, string what, Func<IReadOnlyList<string>, string> expression)
        : base(node, node.Name)
    {
        _inputs = inputs;
        _output = output;
        _what = what;
        _expression = expression;
    }

    /// <summary>A line that stands before the loops, for what the expression needs and does not change; null for none.</summary>
    public string? Declaration { get; init; }

    /// <summary>True if the expression raises the flag <c>error</c>, which it takes by reference, where a string cannot be used.</summary>
    public bool Checks { get; init; }

    public override bool CanFail => Checks;

    public override string FailureGuard => "ThrowText";

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _inputs;

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override bool UsesStrings => true;

    public override string Kernel => "text, element by element";

    public override string Summary => $"{Node!.Operator.Name}, {_what}";

    public override void Emit(StepWriter writer)
    {
        var pointers = _inputs.Select((v, i) => (writer.Pointer(v, $"x{i}", v.Describe()), StepWriter.PointerType(v.Type))).ToList();
        pointers.Add((writer.Pointer(_output, "y", _output.Describe()), StepWriter.PointerType(_output.Type)));
        if (Declaration is not null)
        {
            writer.Line(Declaration);
        }

        if (Checks)
        {
            writer.Line("int error = 0;");
        }

        LoopNest.Build(_inputs.Append(_output).Select(static v => v.Layout.Dimensions()).ToArray()).EmitAll(writer, pointers, elements =>
        {
            string result = _expression(_inputs.Select((v, i) => v.Type == ElementType.String ? $"{StepWriter.Strings}.Text(*{elements[i]})" : $"*{elements[i]}").ToArray());
            writer.Line($"*{elements[elements.Count - 1]} = {(_output.Type == ElementType.String ? $"{StepWriter.Strings}.Intern({result})" : _output.Type == ElementType.Bool ? $"{result} ? (byte)1 : (byte)0" : result)};");
        });
        if (Checks)
        {
            writer.Line("return error;");
        }
    }
}
