using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Writes sizes that are known only at run time into memory, where the model computes with them as with any data.</summary>
internal sealed class SizesStep : Step
{
    private readonly IReadOnlyList<Size> _elements;
    private readonly TensorView _output;

    /// <param name="name">Name for people.</param>
    /// <param name="elements">The elements, row-major.</param>
    /// <param name="output">Where they go, dense.</param>
    public SizesStep(string name, IReadOnlyList<Size> elements, TensorView output)
        : base(null, $"sizes {name}")
    {
        _elements = elements;
        _output = output;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => Array.Empty<TensorView>();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override string Kernel => $"{_elements.Count} sizes";

    public override string Summary => $"Sizes of this run, y = [{string.Join(", ", _elements)}]";

    public override void Emit(StepWriter writer)
    {
        string y = writer.Pointer(_output, "y", _output.Describe());
        for (int i = 0; i < _elements.Count; i++)
        {
            string value = writer.Value(_elements[i]);
            writer.Line($"{y}[{i}] = {(_output.Type == ElementType.Bool ? $"(byte)({value})" : $"({_output.Type.CSharpName()})({value})")};");
        }
    }
}
