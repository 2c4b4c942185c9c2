using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>Activations that ONNX Runtime names in an attribute of the node before them.</summary>
internal static class FusedActivation
{
    /// <summary>The parameters that an activation takes, in the order of ONNX Runtime's list of numbers.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> _parameters = new Dictionary<string, string[]>
    {
        ["Elu"] = new[] { "alpha" },
        ["Gelu"] = System.Array.Empty<string>(),
        ["HardSigmoid"] = new[] { "alpha", "beta" },
        ["HardSwish"] = System.Array.Empty<string>(),
        ["LeakyRelu"] = new[] { "alpha" },
        ["Relu"] = System.Array.Empty<string>(),
        ["Selu"] = new[] { "alpha", "gamma" },
        ["Sigmoid"] = System.Array.Empty<string>(),
        ["Softplus"] = System.Array.Empty<string>(),
        ["Softsign"] = System.Array.Empty<string>(),
        ["Tanh"] = System.Array.Empty<string>(),
        ["ThresholdedRelu"] = new[] { "alpha" },
    };

    /// <summary>Applies the attribute <c>activation</c>, with the numbers of <c>activation_params</c>; nothing if it is absent.</summary>
    public static Value ByList(Composer compose, Value x)
    {
        float[] numbers = compose.Node.Attributes.Floats("activation_params") ?? System.Array.Empty<float>();
        if (Kind(compose) != "Clip")
        {
            return Apply(compose, x, (_, i) => i < numbers.Length ? numbers[i] : null);
        }

        compose.Check(numbers.Length == 2, "activation_params of Clip must be its two bounds");
        return compose.Op("Clip", x, compose.Scalar(numbers[0], x.Type), compose.Scalar(numbers[1], x.Type));
    }

    /// <summary>Applies the attribute <c>activation</c>, with the numbers of <c>activation_alpha</c> and its kin; nothing if it is absent.</summary>
    public static Value ByName(Composer compose, Value x)
    {
        AttributeMap attributes = compose.Node.Attributes;
        return Apply(compose, x, (name, _) => attributes.Has($"activation_{name}") ? attributes.Float($"activation_{name}", 0) : null);
    }

    private static Value Apply(Composer compose, Value x, System.Func<string, int, float?> number)
    {
        string kind = Kind(compose);
        if (kind.Length == 0)
        {
            return x;
        }

        if (!_parameters.TryGetValue(kind, out string[]? names))
        {
            throw compose.Fail(
                DiagnosticCodes.FeatureUnsupported,
                $"the activation '{kind}' is not supported; supported: Clip, {string.Join(", ", _parameters.Keys)}",
                "Save the model before ONNX Runtime's optimisation.");
        }

        (string, object)[] attributes = names.Select((name, i) => (name, Number: number(name, i))).Where(static p => p.Number is not null).Select(static p => (p.name, (object)p.Number!.Value)).ToArray();
        return compose.Op(kind, new[] { x }, attributes);
    }

    private static string Kind(Composer compose) => compose.Node.Attributes.String("activation", string.Empty);
}
