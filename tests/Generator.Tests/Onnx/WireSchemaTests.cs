using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf.Reflection;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Onnx;

/// <summary>The scanner's table says the same as onnx.proto.</summary>
public class WireSchemaTests
{
    private static readonly (WireMessage Message, MessageDescriptor Descriptor)[] Messages =
    [
        (WireMessage.Model, ModelProto.Descriptor),
        (WireMessage.OpsetId, OperatorSetIdProto.Descriptor),
        (WireMessage.StringPair, StringStringEntryProto.Descriptor),
        (WireMessage.Graph, GraphProto.Descriptor),
        (WireMessage.Annotation, TensorAnnotation.Descriptor),
        (WireMessage.Node, NodeProto.Descriptor),
        (WireMessage.Attribute, AttributeProto.Descriptor),
        (WireMessage.ValueInfo, ValueInfoProto.Descriptor),
        (WireMessage.Tensor, TensorProto.Descriptor),
        (WireMessage.Segment, TensorProto.Types.Segment.Descriptor),
        (WireMessage.SparseTensor, SparseTensorProto.Descriptor),
        (WireMessage.Shape, TensorShapeProto.Descriptor),
        (WireMessage.Dimension, TensorShapeProto.Types.Dimension.Descriptor),
        (WireMessage.Type, TypeProto.Descriptor),
        (WireMessage.TensorType, TypeProto.Types.Tensor.Descriptor),
        (WireMessage.TensorType, TypeProto.Types.SparseTensor.Descriptor),
        (WireMessage.ElementType, TypeProto.Types.Sequence.Descriptor),
        (WireMessage.ElementType, TypeProto.Types.Optional.Descriptor),
        (WireMessage.MapType, TypeProto.Types.Map.Descriptor),
        (WireMessage.OpaqueType, TypeProto.Types.Opaque.Descriptor),
        (WireMessage.Function, FunctionProto.Descriptor),
    ];

    [Fact]
    public void The_table_has_every_field_in_its_form()
    {
        foreach ((WireMessage message, MessageDescriptor descriptor) in Messages)
        {
            for (int number = 1; number < 64; number++)
            {
                FieldDescriptor? field = descriptor.FindFieldByNumber(number);
                WireSchema.TryGetField(message, number, out WireField actual).ShouldBe(field is not null, $"{message} field {number}");
                if (field is not null)
                {
                    actual.ShouldBe(Expected(message, field), field.FullName);
                }
            }
        }
    }

    [Fact]
    public void The_data_message_numbers_its_fields_like_the_tensor()
    {
        foreach (FieldDescriptor field in TensorDataProto.Descriptor.Fields.InDeclarationOrder())
        {
            TensorProto.Descriptor.FindFieldByNumber(field.FieldNumber).Name.ShouldBe(field.Name);
        }
    }

    private static WireField Expected(WireMessage message, FieldDescriptor field)
    {
        FieldDescriptor? data = message == WireMessage.Tensor ? TensorDataProto.Descriptor.FindFieldByNumber(field.FieldNumber) : null;
        return (data ?? field).FieldType switch
        {
            FieldType.Float when data is not null => new(WireForm.TensorFixed32),
            FieldType.Double when data is not null => new(WireForm.TensorFixed64),
            _ when data is not null => new(WireForm.TensorVarint),
            FieldType.Message => new(WireForm.Message, Messages.First(m => m.Descriptor == field.MessageType).Message),
            FieldType.String => new(WireForm.Text),
            FieldType.Bytes => new(WireForm.Bytes),
            FieldType.Float => new(field.IsRepeated ? WireForm.RepeatedFixed32 : WireForm.Fixed32),
            _ => new(field.IsRepeated ? WireForm.RepeatedVarint : WireForm.Varint),
        };
    }
}
