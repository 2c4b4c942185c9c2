using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>
/// The activation functions that recurrent operators name in an attribute. Most are element-wise operators; alpha and beta are
/// taken from the lists <c>activation_alpha</c> and <c>activation_beta</c> in order, by the functions that have them.
/// </summary>
internal static class RecurrentActivation
{
    private static readonly Dictionary<string, (bool Alpha, bool Beta)> _known = new(StringComparer.Ordinal)
    {
        ["Relu"] = (false, false),
        ["Tanh"] = (false, false),
        ["Sigmoid"] = (false, false),
        ["Softsign"] = (false, false),
        ["Softplus"] = (false, false),
        ["LeakyRelu"] = (true, false),
        ["ThresholdedRelu"] = (true, false),
        ["Elu"] = (true, false),
        ["HardSigmoid"] = (true, true),
        ["ScaledTanh"] = (true, true),
        ["Affine"] = (true, true),
    };

    /// <summary>The functions of all directions, or null if the node's list has another length than defined or an unknown name.</summary>
    public static IReadOnlyList<ElementFunction>? Resolve(Node node, IReadOnlyList<string> defaults) => Choose(node, defaults)?.Select(Create).ToArray();

    /// <summary>Names and parameters of the functions of all directions, or null as <see cref="Resolve"/>.</summary>
    public static IReadOnlyList<ActivationChoice>? Choose(Node node, IReadOnlyList<string> defaults)
    {
        int directions = RecurrentForm.DirectionCount(node);
        string[] names = node.Attributes.Strings("activations") ?? Enumerable.Range(0, directions).SelectMany(_ => defaults).ToArray();
        if (names.Length != directions * defaults.Count || !names.All(_known.ContainsKey))
        {
            return null;
        }

        var alphas = new Queue<float>(node.Attributes.Floats("activation_alpha") ?? Array.Empty<float>());
        var betas = new Queue<float>(node.Attributes.Floats("activation_beta") ?? Array.Empty<float>());
        return names.Select(name => new ActivationChoice(
            name,
            _known[name].Alpha && alphas.Count > 0 ? alphas.Dequeue() : null,
            _known[name].Beta && betas.Count > 0 ? betas.Dequeue() : null)).ToArray();
    }

    private static ElementFunction Create(ActivationChoice choice)
    {
        switch (choice.Name)
        {
            case "Affine":
                return Affine(choice.Scale, choice.Beta ?? 0);
            case "ScaledTanh":
                return ScaledTanh(choice.Scale, choice.Beta ?? 1);
            default:
                var attributes = new AttributeMap(choice.Name);
                foreach ((string name, object value) in choice.Attributes)
                {
                    attributes.Set(name, value);
                }

                var op = (ElementwiseOperator)OperatorRegistry.Get(choice.Name);
                return op.Function(new Node(op, choice.Name, attributes, Array.Empty<Value?>(), Array.Empty<Value>()));
        }
    }

    private static ElementFunction Affine(float alpha, float beta) => new DelegateFunction($"Affine({alpha:R},{beta:R})", 1, $"{alpha:R} · {{0}} + {beta:R}")
    {
        Real = x => (alpha * x[0]) + beta,
        Float = (simd, x) => simd.MultiplyAdd(simd.Constant(alpha), x[0], simd.Constant(beta)),
        Cheap = true,
    };

    private static ElementFunction ScaledTanh(float alpha, float beta) => new DelegateFunction($"ScaledTanh({alpha:R},{beta:R})", 1, $"{alpha:R} · tanh({beta:R} · {{0}})")
    {
        Real = x => alpha * Math.Tanh(beta * x[0]),
        Float = (simd, x) => $"{simd.Constant(alpha)} * {simd.Math("Tanh", $"{simd.Constant(beta)} * {x[0]}")}",
    };
}

/// <summary>An activation that a recurrent node names.</summary>
/// <param name="Name">The function.</param>
/// <param name="Alpha">Its first parameter; null for the default.</param>
/// <param name="Beta">Its second parameter; null for the default.</param>
internal sealed record ActivationChoice(string Name, float? Alpha, float? Beta)
{
    /// <summary>The factor of Affine and ScaledTanh.</summary>
    public float Scale => Alpha ?? 1;

    /// <summary>The parameters as attributes of the operator of the same name.</summary>
    public IEnumerable<(string Name, object Value)> Attributes
    {
        get
        {
            if (Alpha is { } alpha)
            {
                yield return ("alpha", alpha);
            }

            if (Beta is { } beta)
            {
                yield return ("beta", beta);
            }
        }
    }
}
