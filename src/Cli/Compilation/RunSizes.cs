using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Numerics;
using AotCompiler.Ir;

namespace AotCompiler.Cli.Compilation;

/// <summary>Values of the sizes that each run chooses, taken from the tensors that go in.</summary>
internal sealed class RunSizes
{
    private readonly Dictionary<SizeVariable, long> _values;

    private RunSizes(Dictionary<SizeVariable, long> values)
    {
        _values = values;
    }

    /// <summary>The sizes at which the inputs have the tensors' shapes; where a tensor does not fit, some that show it.</summary>
    public static RunSizes Of(Graph graph, IReadOnlyDictionary<string, TensorData> tensors)
    {
        Dictionary<SizeVariable, long> values = graph.Sizes.ToDictionary(static v => v, static v => (long)v.Maximum);
        foreach (Value input in graph.Inputs)
        {
            if (input.Shape.IsDynamic && tensors.TryGetValue(input.Name, out TensorData? tensor) && tensor.Shape.Length == input.Shape.Rank)
            {
                for (int axis = 0; axis < input.Shape.Rank; axis++)
                {
                    // A free dimension is one variable, times the step of its range.
                    if (input.Shape.Extent(axis).Size is { } size)
                    {
                        SizeVariable variable = size.Variables[0];
                        values[variable] = tensor.Shape[axis] / variable.Step;
                    }
                }
            }
        }

        return new RunSizes(values);
    }

    /// <summary>The dimensions in the order of the parameters of <c>Run</c>.</summary>
    public int[] Dimensions(Graph graph) => graph.Sizes.Where(static v => !v.IsComputed).Select(v => checked((int)_values[v] * v.Step)).ToArray();

    /// <summary>True if the sizes that a shape depends on are in their ranges.</summary>
    public bool IsInRange(Shape shape) => shape.Extents.SelectMany(static e => e.Size?.Variables ?? []).All(v => _values[v] >= v.Minimum && _values[v] <= v.Maximum);

    /// <summary>A shape at these sizes.</summary>
    public Shape Shape(Shape shape) => new(shape.Extents.Select(e => e.Size is { } size ? checked((int)size.Evaluate(v => _values[v])) : e.Maximum));
}
