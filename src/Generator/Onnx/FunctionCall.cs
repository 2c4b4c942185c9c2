using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

/// <summary>One call of a function: writes the function's body with the call's values and attributes in place.</summary>
internal sealed class FunctionCall
{
    /// <summary>The first version of Identity that takes every type of the format.</summary>
    private const long IdentityOpset = 25;

    private readonly OnnxNode _call;
    private readonly OnnxFunction _function;
    private readonly UniqueNames _names;
    private readonly string _scope;
    private readonly Dictionary<string, OnnxAttribute?> _attributes = new(StringComparer.Ordinal);

    public FunctionCall(OnnxNode call, OnnxFunction function, UniqueNames names)
    {
        _call = call;
        _function = function;
        _names = names;
        _scope = call.Name.Length > 0 ? call.Name : function.Name;
        foreach (string name in function.AttributeNames)
        {
            _attributes[name] = call.FindAttribute(name);
        }

        foreach (OnnxAttribute attribute in function.AttributeDefaults)
        {
            _attributes[attribute.Name] = call.FindAttribute(attribute.Name) ?? attribute;
        }
    }

    /// <summary>The nodes that stand for the call. Calls within them are not expanded.</summary>
    public IEnumerable<OnnxNode> Body()
    {
        var values = new ValueScope(null);
        BindInputs(values);
        List<(string From, string To)> copies = BindOutputs(values);
        Declare(_function.Nodes.SelectMany(n => n.Outputs), values);
        foreach (OnnxNode node in _function.Nodes)
        {
            yield return Rewrite(node, values);
        }

        foreach ((string from, string to) in copies)
        {
            yield return new OnnxNode
            {
                Name = UniqueNames.Join(_scope, to),
                OpType = "Identity",
                Opset = IdentityOpset,
                Inputs = ImmutableArray.Create(Resolve(from, values)),
                Outputs = ImmutableArray.Create(to),
            };
        }
    }

    private ModelException Malformed(string what) => new(
        DiagnosticCodes.GraphMalformed,
        $"Node \"{_call.Name}\" calls function \"{_function.Domain}:{_function.Name}\", {what}. Export the model again.");

    private void BindInputs(ValueScope values)
    {
        if (_call.Inputs.Length > _function.Inputs.Length || _call.Outputs.Length > _function.Outputs.Length)
        {
            throw Malformed(
                $"which has {_function.Inputs.Length} inputs and {_function.Outputs.Length} outputs, " +
                $"with {_call.Inputs.Length} inputs and {_call.Outputs.Length} outputs");
        }

        for (int i = 0; i < _function.Inputs.Length; i++)
        {
            if (!values.TryAdd(_function.Inputs[i], i < _call.Inputs.Length ? _call.Inputs[i] : ""))
            {
                throw Malformed($"which has two inputs named \"{_function.Inputs[i]}\"");
            }
        }
    }

    /// <summary>Gives the body's outputs the caller's names; an output that already has a name (an input, a repetition) is copied.</summary>
    private List<(string From, string To)> BindOutputs(ValueScope values)
    {
        var copies = new List<(string From, string To)>();
        for (int i = 0; i < _call.Outputs.Length; i++)
        {
            if (_call.Outputs[i].Length > 0 && !values.TryAdd(_function.Outputs[i], _call.Outputs[i]))
            {
                copies.Add((_function.Outputs[i], _call.Outputs[i]));
            }
        }

        return copies;
    }

    private void Declare(IEnumerable<string> defined, ValueScope values)
    {
        foreach (string name in defined)
        {
            if (name.Length > 0 && !values.HasOwn(name))
            {
                values.TryAdd(name, _names.Create(_scope, name));
            }
        }
    }

    private OnnxNode Rewrite(OnnxNode node, ValueScope values) => node with
    {
        Name = UniqueNames.Join(_scope, node.Name),
        Inputs = node.Inputs.Select(n => Resolve(n, values)).ToImmutableArray(),
        Outputs = node.Outputs.Select(n => Resolve(n, values)).ToImmutableArray(),
        Attributes = node.Attributes.Select(a => Rewrite(a, node, values)).OfType<OnnxAttribute>().ToImmutableArray(),
    };

    /// <summary>A function sees its own values only; finding no definition would otherwise capture a value of the caller.</summary>
    private string Resolve(string name, ValueScope values) => name.Length == 0
        ? ""
        : values.Find(name) ?? throw Malformed($"whose body uses the undefined value \"{name}\"");

    /// <summary>Null when it refers to an attribute that the call does not give and that has no default: then it is absent.</summary>
    private OnnxAttribute? Rewrite(OnnxAttribute attribute, OnnxNode node, ValueScope values)
    {
        if (!attribute.IsReference)
        {
            return FunctionInliner.MapGraphs(attribute, g => Rewrite(g, values));
        }

        if (!_attributes.TryGetValue(attribute.RefAttrName, out OnnxAttribute? value))
        {
            throw Malformed($"whose node \"{node.Name}\" refers to the undeclared attribute \"{attribute.RefAttrName}\"");
        }

        if (value is not null && attribute.Kind != OnnxAttributeKind.Undefined && value.Kind != attribute.Kind)
        {
            throw Malformed($"whose attribute \"{value.Name}\" must be of kind {attribute.Kind}, with one of kind {value.Kind}");
        }

        return value?.WithName(attribute.Name);
    }

    private OnnxGraph Rewrite(OnnxGraph graph, ValueScope outer)
    {
        var values = new ValueScope(outer);
        Declare(graph.Inputs.Select(v => v.Name), values);
        Declare(graph.Initializers.Select(t => t.Name), values);
        Declare(graph.SparseInitializers.Select(t => t.Values.Name), values);
        Declare(graph.Nodes.SelectMany(n => n.Outputs), values);
        return new OnnxGraph
        {
            Name = graph.Name,
            Nodes = graph.Nodes.Select(n => Rewrite(n, values)).ToImmutableArray(),
            Initializers = graph.Initializers.Select(t => t.WithName(Resolve(t.Name, values))).ToImmutableArray(),
            SparseInitializers = graph.SparseInitializers
                .Select(t => t with { Values = t.Values.WithName(Resolve(t.Values.Name, values)) }).ToImmutableArray(),
            Inputs = graph.Inputs.Select(v => v with { Name = Resolve(v.Name, values) }).ToImmutableArray(),
            Outputs = graph.Outputs.Select(v => v with { Name = Resolve(v.Name, values) }).ToImmutableArray(),
        };
    }

    /// <summary>Names of a function or subgraph body and what they stand for in the caller's graph.</summary>
    private sealed class ValueScope
    {
        private readonly ValueScope? _outer;
        private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

        public ValueScope(ValueScope? outer) => _outer = outer;

        public bool HasOwn(string name) => _values.ContainsKey(name);

        public bool TryAdd(string name, string value)
        {
            if (_values.ContainsKey(name))
            {
                return false;
            }

            _values.Add(name, value);
            return true;
        }

        public string? Find(string name)
        {
            for (ValueScope? scope = this; scope is not null; scope = scope._outer)
            {
                if (scope._values.TryGetValue(name, out string? value))
                {
                    return value;
                }
            }

            return null;
        }
    }
}
