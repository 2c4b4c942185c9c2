using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>The constants that runs read: each stands once among a schedule's storages, whoever reads it.</summary>
internal sealed class ConstantPool
{
    private readonly Dictionary<Tensor, TensorView> _weights = new();
    private readonly Dictionary<string, int> _strings = new(StringComparer.Ordinal) { [string.Empty] = 0 };
    private readonly Dictionary<string, TensorView> _progressions = new(StringComparer.Ordinal);
    private readonly Func<string, long, Storage> _newStorage;

    /// <param name="newStorage">Makes a storage for weights, with a name and bytes.</param>
    public ConstantPool(Func<string, long, Storage> newStorage)
    {
        _newStorage = newStorage;
    }

    /// <summary>The model's strings; at run time each stands as its position.</summary>
    public string[] Strings => _strings.OrderBy(static p => p.Value).Select(static p => p.Key).ToArray();

    /// <summary>A constant in the weight blob.</summary>
    public TensorView Weight(Tensor tensor, string name)
    {
        if (!_weights.TryGetValue(tensor, out TensorView? view))
        {
            Storage storage = _newStorage(name, tensor.ByteCount);
            storage.Data = tensor.Type == ElementType.String ? Positions(tensor) : tensor;
            _weights[tensor] = view = new TensorView(storage, tensor.Type, Layout.Dense(tensor.Shape));
        }

        return view;
    }

    /// <summary>The numbers start, start + step, …, of which each reader reads the beginning: all that start and step alike share the longest.</summary>
    /// <param name="longest">The numbers that this reader may need.</param>
    /// <param name="start">The first number.</param>
    /// <param name="step">The difference of neighbours.</param>
    /// <param name="name">Name for people.</param>
    public TensorView Progression(Tensor longest, Tensor start, Tensor step, string name)
    {
        string key = $"{longest.Type} {Convert.ToBase64String(start.Bytes.ToArray())} {Convert.ToBase64String(step.Bytes.ToArray())}";
        if (!_progressions.TryGetValue(key, out TensorView? view) || view.Shape.ElementCount < longest.Shape.ElementCount)
        {
            Storage storage = view?.Storage ?? _newStorage(name, longest.ByteCount);
            storage.Lengthen(longest);
            _progressions[key] = view = new TensorView(storage, longest.Type, Layout.Dense(longest.Shape));
        }

        return view;
    }

    /// <summary>The number that stands for a constant string at run time: its position among the model's strings.</summary>
    public int PositionOf(string text)
    {
        if (!_strings.TryGetValue(text, out int position))
        {
            _strings.Add(text, position = _strings.Count);
        }

        return position;
    }

    private Tensor Positions(Tensor strings) =>
        Tensor.Create(ElementType.String, strings.Shape, strings.ToStrings().Select(PositionOf).ToArray(), strings.Recipe);
}
