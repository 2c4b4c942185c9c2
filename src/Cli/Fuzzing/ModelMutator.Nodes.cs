using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;

namespace AotCompiler.Cli.Fuzzing;

/// <content>Nodes and their attributes.</content>
internal sealed partial class ModelMutator
{
    private void ChangeAttribute(GraphProto graph)
    {
        if (Pick(graph.Node.SelectMany(static n => n.Attribute).ToArray()) is not { } attribute)
        {
            return;
        }

        switch ((OnnxAttributeKind)attribute.Type)
        {
            case OnnxAttributeKind.Int:
                attribute.I = Integer();
                break;
            case OnnxAttributeKind.Float:
                attribute.F = Pick(_floats);
                break;
            case OnnxAttributeKind.String:
                attribute.S = ByteString.CopyFromUtf8(Pick(_texts)!);
                break;
            case OnnxAttributeKind.Ints:
                ChangeList(attribute.Ints, Integer);
                break;
            case OnnxAttributeKind.Floats:
                ChangeList(attribute.Floats, () => Pick(_floats));
                break;
            case OnnxAttributeKind.Tensor when attribute.T is not null:
                ChangeTensor(attribute.T);
                break;
            default:
                attribute.Type = _random.Next(15);
                break;
        }
    }

    private void RemoveAttribute(GraphProto graph)
    {
        if (Pick(graph.Node) is { Attribute.Count: > 0 } node)
        {
            node.Attribute.RemoveAt(_random.Next(node.Attribute.Count));
        }
    }

    private void AddAttribute(GraphProto graph)
    {
        if (Pick(graph.Node) is not { } node)
        {
            return;
        }

        var attribute = new AttributeProto { Name = Pick(_attributeNames) };
        switch (_random.Next(4))
        {
            case 0:
                attribute.Type = (int)OnnxAttributeKind.Float;
                attribute.F = Pick(_floats);
                break;
            case 1:
                attribute.Type = (int)OnnxAttributeKind.String;
                attribute.S = ByteString.CopyFromUtf8(Pick(_texts)!);
                break;
            case 2:
                attribute.Type = (int)OnnxAttributeKind.Ints;
                attribute.Ints.Add(Enumerable.Range(0, _random.Next(5)).Select(_ => Integer()));
                break;
            default:
                attribute.Type = (int)OnnxAttributeKind.Int;
                attribute.I = Integer();
                break;
        }

        node.Attribute.Add(attribute);
    }

    private void ChangeNodeInput(GraphProto graph)
    {
        if (Pick(graph.Node) is not { } node)
        {
            return;
        }

        switch (_random.Next(6))
        {
            case 0 when node.Input.Count > 0:
                node.Input.RemoveAt(_random.Next(node.Input.Count));
                break;
            case 1:
                node.Input.Insert(_random.Next(node.Input.Count + 1), ValueName(graph));
                break;
            case 2 when node.Input.Count > 1:
                (node.Input[0], node.Input[^1]) = (node.Input[^1], node.Input[0]);
                break;
            default:
                if (node.Input.Count > 0)
                {
                    node.Input[_random.Next(node.Input.Count)] = ValueName(graph);
                }

                break;
        }
    }

    private void ChangeNodeOutput(GraphProto graph)
    {
        if (Pick(graph.Node) is not { } node)
        {
            return;
        }

        if (_random.Next(2) == 0 && node.Output.Count > 1)
        {
            node.Output[_random.Next(node.Output.Count)] = string.Empty;
        }
        else
        {
            node.Output.Add(NewName(graph));
        }
    }

    private void RemoveNode(GraphProto graph)
    {
        if (graph.Node.Count > 0)
        {
            graph.Node.RemoveAt(_random.Next(graph.Node.Count));
        }
    }

    private void DuplicateNode(GraphProto graph)
    {
        if (Pick(graph.Node) is { } node)
        {
            NodeProto copy = node.Clone();
            Redirect(graph, copy);
        }
    }

    private void ReverseNodes(GraphProto graph)
    {
        NodeProto[] nodes = graph.Node.Reverse().ToArray();
        graph.Node.Clear();
        graph.Node.Add(nodes);
    }

    private void ChangeOperator(GraphProto graph)
    {
        if (Pick(graph.Node) is { } node)
        {
            (node.Domain, node.OpType) = Pick(_operators);
        }
    }

    /// <summary>Puts a random operator on random values, and its result in place of another value.</summary>
    private void InsertNode(GraphProto graph)
    {
        (string domain, string name) = Pick(_operators);
        var node = new NodeProto { Domain = domain, OpType = name, Name = $"inserted{graph.Node.Count}" };
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            node.Input.Add(ValueName(graph));
        }

        node.Output.Add(string.Empty);
        Redirect(graph, node);
    }

    private void SpliceNode(GraphProto graph)
    {
        if (Pick(Pick(_models)!.Graph?.Node ?? []) is { } foreign)
        {
            NodeProto copy = foreign.Clone();
            for (int i = 0; i < copy.Input.Count; i++)
            {
                copy.Input[i] = ValueName(graph);
            }

            Redirect(graph, copy);
        }
    }

    /// <summary>Adds a node under new output names and makes a reader or an output of the model use its first one.</summary>
    private void Redirect(GraphProto graph, NodeProto node)
    {
        for (int i = 0; i < node.Output.Count; i++)
        {
            node.Output[i] = $"{NewName(graph)}.{i}";
        }

        if (node.Output.Count > 0 && Pick(graph.Node) is { Input.Count: > 0 } reader && _random.Next(2) == 0)
        {
            reader.Input[_random.Next(reader.Input.Count)] = node.Output[0];
        }
        else if (node.Output.Count > 0)
        {
            graph.Output.Add(new ValueInfoProto { Name = node.Output[0] });
        }

        graph.Node.Insert(_random.Next(graph.Node.Count + 1), node);
    }
}
