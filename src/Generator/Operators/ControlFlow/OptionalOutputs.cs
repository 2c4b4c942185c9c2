using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Optionals that have an element behind one branch of an If and none behind the other: a tensor says which it was.</summary>
internal static class OptionalOutputs
{
    /// <summary>The branches with outputs of one structure, where optionals were all that differed.</summary>
    /// <param name="name">Name for people.</param>
    /// <param name="bodies">Two branches.</param>
    public static ClosedBody[] Join(string name, ClosedBody[] bodies)
    {
        ModelValue[][] outputs = bodies.Select(static b => b.Outputs.ToArray()).ToArray();
        for (int i = 0; i < Math.Min(outputs[0].Length, outputs[1].Length); i++)
        {
            if (outputs[0][i] is OptionalValue then && outputs[1][i] is OptionalValue otherwise && !then.HasStructureOf(otherwise) && (then.Element ?? otherwise.Element) is { } element)
            {
                for (int b = 0; b < bodies.Length; b++)
                {
                    outputs[b][i] = Flagged(new GraphRewriter(bodies[b].Graph), name, (OptionalValue)outputs[b][i], element);
                }
            }
        }

        return bodies.Select((b, i) => b with { Outputs = outputs[i] }).ToArray();
    }

    private static OptionalValue Flagged(GraphRewriter body, string name, OptionalValue optional, ModelValue element)
    {
        Value Flag(byte value) => body.Constant(Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new[] { value }, "present"), name);
        return optional.Element is null
            ? new OptionalValue(element.With(new Queue<Value>(element.Tensors.Select(t => Nothing(body, name, t)))), Flag(0))
            : optional with { Present = optional.Present ?? Flag(1) };
    }

    /// <summary>Zeros in place of a tensor that the other branch has; of no length where that branch finds the length.</summary>
    private static Value Nothing(GraphRewriter body, string name, Value value)
    {
        var shape = new Shape(value.Shape.Extents.Select(static e => e.Size is { } size && size.Variables.Any(static v => v.IsComputed) ? 0 : e));
        return shape.IsDynamic
            ? body.Insert("ConstantOfShape", name, new[] { body.ShapeValue(shape, name) }, ("value", Tensor.FromBytes(value.Type, new Shape(1), new byte[value.Type.Size()], "zero")))
            : body.Constant(Tensor.FromBytes(value.Type, shape, new byte[shape.ElementCount * value.Type.Size()], "zeros"), name);
    }
}
